import { z } from 'zod';
import { type JsonSchema, jsonSchemaOf } from '../../json-schema.ts';
import type { StepList } from '../step.ts';

/** One key of a construct, for people. */
export interface KeyRow {
  path: string;
  takes: string;
  default: string | null;
  required: boolean;
  description: string;
}

const MEANS = 'tendril:means';

/** In place of a list of steps, where only its place is told. */
export const stepsOfPage = z.array(z.any()).meta({ [MEANS]: 'steps' }) as unknown as StepList;

/** The keys of a schema in the order in which it names them, those below another with its name before them. */
export function keysOf(schema: z.ZodType): KeyRow[] {
  return rowsOf(jsonSchemaOf(schema), '');
}

function rowsOf(json: JsonSchema, above: string): KeyRow[] {
  const rows: KeyRow[] = [];
  const shapes = shapesOf(json);
  for (const shape of shapes) {
    for (const [name, one] of Object.entries(shape.properties ?? {})) {
      const path = above === '' ? name : `${above}.${name}`;
      if (rows.some((row) => row.path === path)) continue;
      rows.push({
        path,
        takes: meant[name] ?? takes(one),
        default: one.default === undefined || isEmpty(one.default) ? null : `\`${written(one.default)}\``,
        required: shapes.length === 1 && name !== 'entry' && (shape.required?.includes(name) ?? false),
        description: describe(one),
      });
      rows.push(...rowsOf(one, path));
    }
  }
  return rows;
}

/** What a schema cannot tell of itself: it is parsed by others. */
const meant: Record<string, string> = {
  entry: 'an entry or a list of them',
  steps: 'steps',
  then: 'steps',
  if: 'condition',
  when: 'condition',
  exitWhen: 'condition',
};

/** The objects a value may be, with those in lists. */
function shapesOf(json: JsonSchema): JsonSchema[] {
  if (json.anyOf) return json.anyOf.flatMap(shapesOf);
  if (json.type === 'array' && json.items) return shapesOf(json.items);
  return json.type === 'object' && json.properties ? [json] : [];
}

const describe = (json: JsonSchema): string =>
  json.description ?? json.anyOf?.map((one) => one.description).find((one) => one !== undefined) ?? '';

const isEmpty = (value: unknown): boolean => value === '' || JSON.stringify(value) === '{}' || JSON.stringify(value) === '[]';
const written = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const patterns: [string, string][] = [
  ['^-?(', 'duration, may be negative'],
  ['(s|m|h|d|w|mo|bd)$', 'duration'],
  ['\\/[mhd]$', 'pace'],
  ['%$', 'percentage'],
  [':[0-5]\\d', 'time of day'],
];

/** What a key takes, in a few words. */
function takes(json: JsonSchema): string {
  if (typeof json[MEANS] === 'string') return json[MEANS];
  if (json.anyOf) return [...new Set(json.anyOf.map(takes))].join(' or ');
  if (json.enum) return json.enum.length > 9 ? 'text' : json.enum.map((one) => `\`${String(one)}\``).join(', ');
  if (json.const !== undefined) return `\`${String(json.const)}\``;
  if (Array.isArray(json.type)) return json.type.join(' or ');
  switch (json.type) {
    case 'string':
      return patterns.find(([part]) => json.pattern?.includes(part))?.[1] ?? 'text';
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'true, false';
    case 'array':
      return Object.keys(json.items ?? {}).length === 0 ? 'list' : `list of ${takes(json.items!)}`;
    case 'object':
      return json.properties ? 'object' : 'names with values';
    default:
      return json.type ?? 'anything';
  }
}
