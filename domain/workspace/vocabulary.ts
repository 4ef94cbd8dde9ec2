import { type Leaf, leavesOf } from '../conditions/condition.ts';
import { type Form, formSchema } from '../forms/form.ts';
import { accountColumns, attributesSchema, leadColumns, optionsOf, type Typed } from './attributes.ts';
import { type Events, eventsSchema, ownEvents, recordProperties } from './events.ts';
import { mendName, nearest } from './nearest.ts';

/** A name or value that the workspace does not know: why, and what to do. */
export interface Unknown {
  reason: string;
  mend: string;
}

/** The names a workspace has declared. Where it declares nothing (no such document) everything is taken as known. */
export interface Vocabulary {
  attribute(of: 'lead' | 'account', name: string): Unknown[];
  /** An event, and those of its properties that are looked at. */
  event(name: string, properties?: Iterable<string>): Unknown[];
  /** All that a leaf of a condition names, and the choices it compares with. */
  leaf(leaf: Leaf): Unknown[];
}

interface Document {
  kind: string;
  key: string;
  body: unknown;
}

type Types = Readonly<Record<string, Typed>>;

/** What the workspace's documents declare: `attributes`, `events`, and the events its forms are. */
export function vocabularyOf(documents: readonly Document[]): Vocabulary {
  const bodyOf = (kind: string): unknown => documents.find((one) => one.kind === kind)?.body;
  const attributes = bodyOf('attributes') === undefined ? null : attributesSchema.parse(bodyOf('attributes'));
  const events = bodyOf('events') === undefined ? null : eventsSchema.parse(bodyOf('events'));
  const types: Record<'lead' | 'account', Types> | null = attributes && {
    lead: { ...leadColumns, ...attributes.lead, ...mappedAttributes(formsOf(documents)) },
    account: { ...accountColumns, ...attributes.account },
  };
  const known = events && knownEvents(events, documents);

  function attribute(of: 'lead' | 'account', name: string): Unknown[] {
    if (!types || Object.hasOwn(types[of], name)) return [];
    return [{ reason: `there is no attribute ${of}.${name}`, mend: mendName(name, Object.keys(types[of]), 'attributes.yaml') }];
  }

  function event(name: string, properties: Iterable<string> = []): Unknown[] {
    if (!known) return [];
    if (!known.has(name)) return [{ reason: `there is no event '${name}'`, mend: mendName(name, known.keys(), 'events.yaml') }];
    const types = known.get(name)!;
    if (types === null) return [];
    return [...properties]
      .filter((property) => !Object.hasOwn(types, property))
      .map((property) => ({
        reason: `the event '${name}' has no property '${property}'`,
        mend: mendName(property, Object.keys(types), 'its properties in events.yaml'),
      }));
  }

  function leafUnknown(leaf: Leaf): Unknown[] {
    if (leaf.kind === 'event') return event(leaf.event, Object.keys(leaf.where));
    if (leaf.kind === 'anyone') return leavesOf(leaf.is).flatMap(leafUnknown);
    if (leaf.kind !== 'attribute') return [];
    const missing = attribute(leaf.of, leaf.name);
    if (missing.length > 0 || !types) return missing;
    const { eq, ne, in: among = [] } = leaf.test;
    return notAmong(`${leaf.of}.${leaf.name}`, types[leaf.of][leaf.name]!, [eq, ne, ...among]);
  }

  return { attribute, event, leaf: leafUnknown };
}

/** The forms of a workspace, those that can be read. */
export const formsOf = (documents: readonly Document[]): Form[] =>
  documents.filter((one) => one.kind === 'form').flatMap(({ body }) => formSchema.safeParse(body).data ?? []);

/** Attributes that forms keep with the lead are known without being declared. */
export function mappedAttributes(forms: readonly Form[]): Types {
  const targets = forms.flatMap((form) => Object.values(form.mapping));
  return Object.fromEntries(
    targets.flatMap((target) => (target.startsWith('attributes.') ? [[target.slice('attributes.'.length), 'text' as const]] : [])),
  );
}

/** Properties by event; null where they are not fixed. */
function knownEvents(events: Events, documents: readonly Document[]): Map<string, Types | null> {
  const known = new Map<string, Types | null>(Object.entries(ownEvents));
  for (const form of formsOf(documents)) known.set(form.event, null);
  for (const [name, { properties }] of Object.entries(events)) {
    const own = known.has(name) ? known.get(name) : recordProperties(name);
    known.set(name, own === null ? null : { ...own, ...properties });
  }
  return known;
}

function notAmong(name: string, type: Typed, values: readonly unknown[]): Unknown[] {
  const options = optionsOf(type);
  if (!options) return [];
  return values
    .filter((value): value is string => typeof value === 'string' && !options.some((one) => one.toLowerCase() === value.toLowerCase()))
    .map((value) => {
      const near = nearest(value, options);
      return { reason: `${name} is never '${value}'`, mend: `${near ? `did you mean '${near}'? ` : ''}it is one of ${options.join(', ')}` };
    });
}
