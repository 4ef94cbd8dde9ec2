import { z } from 'zod';
import { campaign } from '../campaign/document.ts';
import { entryKinds } from '../campaign/entries/index.ts';
import { stepKinds } from '../campaign/steps/index.ts';
import { accountColumns, attributesSchema, kindOfValue, leadColumns, optionsOf, type Typed } from './attributes.ts';
import { prelude } from './prelude.ts';
import { eventsSchema, ownEvents, recordProperties } from './events.ts';
import { type JsonSchema, jsonSchemaOf } from '../json-schema.ts';
import { topics } from '../consent/topics.ts';
import { sequence } from '../sequences/document.ts';
import type { WorkspaceDocument } from './folder.ts';
import { formsOf, mappedAttributes } from './vocabulary.ts';

const STEPS = 'tendril:steps';

/** What a string means by the key it stands under. */
const named: Record<string, string> = {
  template: 'Template',
  send: 'Template',
  topic: 'Topic',
  pool: 'Pool',
  segment: 'Segment',
  exclude: 'Segment',
};
const conditions = new Set(['when', 'if', 'exitWhen']);
const DURATION = '(s|m|h|d|w|mo|bd)$';

/**
 * A TypeScript module with `defineCampaign` and the names of this workspace as types, so that a campaign which names a template, event,
 * attribute, topic, pool or segment that is not there does not compile. It needs nothing else. The shapes are those of the schemas that parse.
 */
export function workspaceModule(documents: readonly WorkspaceDocument[], templates: readonly string[]): string {
  const list = z.array(z.any()).meta({ [STEPS]: true }) as unknown as Parameters<(typeof stepKinds)[number]['schema']>[0];
  const steps = stepKinds.map(({ kind, schema }) => `/** ${kind} */\n  | ${typeOf(jsonSchemaOf(schema(list)), kind, 1)}`);
  const entries = entryKinds.map(({ schema }) => `\n  | ${typeOf(jsonSchemaOf(schema), 'entry', 1)}`);
  const whole = jsonSchemaOf(campaign);
  whole.properties!['steps'] = { [STEPS]: true };
  whole.properties!['goal']!.properties!['then'] = { [STEPS]: true };
  whole.properties!['entry'] = { 'tendril:entry': true };
  const letters = jsonSchemaOf(sequence);
  letters.properties!['steps'] = { [STEPS]: true };
  return [
    '// Written by `tendril types`: the names of this workspace. Do not edit; write it again when the workspace changes.',
    namesOf(documents, templates),
    prelude,
    `export type Entry =${entries.join('')};`,
    `export type Step =\n  ${steps.join('\n  ')};`,
    `export type Campaign = ${typeOf(whole, 'campaign', 0)};`,
    '/** A campaign whose every name is there; otherwise it does not compile. */\nexport const defineCampaign = (campaign: Campaign): Campaign => campaign;',
    `export type Sequence = ${typeOf(letters, 'sequence', 0)};`,
    '/** The same of a sequence. */\nexport const defineSequence = (sequence: Sequence): Sequence => sequence;\n',
  ].join('\n\n');
}

function typeOf(json: JsonSchema, key: string, depth: number): string {
  if (json[STEPS]) return 'Step[]';
  if (json['tendril:entry']) return 'Entry | Entry[]';
  if (json.anyOf) return [...new Set(json.anyOf.map((one) => typeOf(one, key, depth)))].join(' | ');
  if (json.enum) return json.enum.map((one) => JSON.stringify(one)).join(' | ');
  if (json.const !== undefined) return JSON.stringify(json.const);
  if (Array.isArray(json.type)) return json.type.map((type) => typeOf({ type }, key, depth)).join(' | ');
  switch (json.type) {
    case 'string':
      return named[key] ?? (json.pattern?.endsWith(DURATION) ? 'Duration' : 'string');
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
    case 'null':
      return json.type;
    case 'array':
      return `(${typeOf(json.items ?? {}, key, depth)})[]`;
    case 'object':
      return objectOf(json, key, depth);
    default:
      return 'unknown';
  }
}

function objectOf(json: JsonSchema, key: string, depth: number): string {
  if (conditions.has(key)) return 'Condition';
  const properties = Object.entries(json.properties ?? {});
  const open = typeof json.additionalProperties === 'object' ? json.additionalProperties : null;
  if (properties.length === 0 && key === 'set') return 'Partial<Record<LeadAttribute, string>>';
  if (properties.length === 0) return `Record<string, ${typeOf(open ?? {}, key, depth)}>`;
  const happened = json.properties!['event'] !== undefined;
  const pad = '  '.repeat(depth + 1);
  const lines = properties
    .filter(([name]) => !(happened && (name === 'event' || name === 'where')))
    .map(([name, one]) => {
      const comment = one.description ? `${pad}/** ${one.description.replaceAll('*/', '*\\/')} */\n` : '';
      const optional = json.required?.includes(name) ? '' : '?';
      return `${comment}${pad}${name}${optional}: ${typeOf(one, name, depth + 1)};`;
    });
  const own = `{\n${lines.join('\n')}\n${'  '.repeat(depth)}}`;
  if (happened) return `(Happened & ${own})`;
  if (key === 'waitFor') return `(Condition & ${own})`;
  return key === 'update' ? `(${own} & Attributes)` : own;
}

/** The names of the workspace, each kind as a type. */
function namesOf(documents: readonly WorkspaceDocument[], templates: readonly string[]): string {
  const body = (kind: WorkspaceDocument['kind']): unknown => documents.find((one) => one.kind === kind)?.body;
  const keys = (kind: WorkspaceDocument['kind']): string[] => documents.flatMap((one) => (one.kind === kind ? [one.key] : []));
  const attributes = body('attributes') === undefined ? null : attributesSchema.parse(body('attributes'));
  const forms = formsOf(documents);
  const pools = ((body('pools') ?? []) as { key: string }[]).map(({ key }) => key);
  return [
    union('Template', templates),
    union('Topic', body('topics') === undefined ? [] : topics.parse(body('topics')).topics.map(({ key }) => key)),
    union('Pool', pools),
    union('Segment', keys('segment')),
    `export type LeadAttributes = ${attributes ? record({ ...leadColumns, ...mappedAttributes(forms), ...attributes.lead }) : 'Record<string, Value>'};`,
    `export type AccountAttributes = ${attributes ? record({ ...accountColumns, ...attributes.account }) : 'Record<string, Value>'};`,
    eventTypes(
      body('events'),
      forms.map((form) => form.event),
    ),
  ].join('\n');
}

function eventTypes(body: unknown, forms: readonly string[]): string {
  if (body === undefined) return 'export type Events = Record<string, Record<string, Value>>;';
  const types = new Map<string, string>();
  for (const [name, properties] of Object.entries(ownEvents)) types.set(name, properties ? record(properties) : 'Record<string, Value>');
  for (const name of forms) types.set(name, 'Record<string, Value>');
  for (const [name, { properties }] of Object.entries(eventsSchema.parse(body)))
    if (types.get(name) !== 'Record<string, Value>')
      types.set(name, record({ ...(ownEvents[name] ?? recordProperties(name)), ...properties }));
  return `export interface Events {\n${[...types].map(([name, type]) => `  ${JSON.stringify(name)}: ${type};`).join('\n')}\n}`;
}

const union = (name: string, keys: readonly string[]): string =>
  `export type ${name} = ${keys.length === 0 ? 'never' : keys.map((key) => JSON.stringify(key)).join(' | ')};`;

const record = (types: Readonly<Record<string, Typed>>): string =>
  Object.keys(types).length === 0
    ? '{}'
    : `{ ${Object.entries(types)
        .map(([name, type]) => `${name}: ${valueType(type)}`)
        .join('; ')} }`;

function valueType(type: Typed): string {
  const options = optionsOf(type);
  if (options) return options.map((option) => JSON.stringify(option)).join(' | ');
  switch (kindOfValue(type)) {
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'list':
      return 'string[]';
    default:
      return 'string';
  }
}
