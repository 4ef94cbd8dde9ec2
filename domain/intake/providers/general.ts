import { answer, instant, isObject, type Json, text } from '../shape.ts';
import type { Answer, Recognised } from '../types.ts';

const DEEPEST = 8;
const MOST = 500;

const labels = ['label', 'title', 'question', 'name', 'field_label', 'fieldlabel', 'key', 'field', 'ref', 'id'];
const values = ['value', 'answer', 'answers', 'text', 'response', 'val'];
const types = ['type', 'field_type', 'fieldtype'];
const ids = [
  'submission_id',
  'submissionId',
  'submissionID',
  'response_id',
  'responseId',
  'entry_id',
  'entryId',
  'event_id',
  'eventId',
  'leadgen_id',
];
const instants = ['submitted_at', 'submittedAt', 'created_at', 'createdAt', 'timestamp', 'date_created', '_date'];

/**
 * Any other body: nested or flat, every leaf is an answer under its path; lists of `{ label, value }` in any spelling are answers
 * under their label, and a text that holds JSON is opened. Never throws.
 */
export function general(body: unknown, provider: 'json' | 'form'): Recognised {
  const found: Found = { answers: [], titles: new Map() };
  walk(body, [], found, 0);
  const top = isObject(body) ? [body, ...Object.values(body).filter(isObject)] : [];
  const find = <T>(names: readonly string[], read: (value: unknown) => T | null): T | null =>
    top.flatMap((level) => names.flatMap((name) => read(level[name]) ?? []))[0] ?? null;
  const answers = found.answers.map((one) => ({
    ...one,
    label: (one.label === one.key && found.titles.get(one.key.split('.').at(-1)!)) || one.label,
  }));
  return { provider, providerId: find(ids, text), submittedAt: find(instants, instant), answers, context: {}, test: false, consent: null };
}

interface Found {
  answers: Answer[];
  /** Titles of fields that are defined somewhere else in the body, by the field's id. */
  titles: Map<string, string>;
}

function walk(value: unknown, path: readonly string[], into: Found, depth: number): void {
  if (depth > DEEPEST || into.answers.length >= MOST) return;
  const opened = typeof value === 'string' ? open(value) : undefined;
  if (opened !== undefined) return walk(opened, path, into, depth + 1);
  if (Array.isArray(value)) {
    if (value.some((one) => isObject(one) || Array.isArray(one)))
      value.forEach((one, i) => walk(one, [...path, String(i)], into, depth + 1));
    else into.answers.push(...leaf(path, value));
    return;
  }
  if (!isObject(value)) return void into.answers.push(...leaf(path, value));
  const folded = Object.fromEntries(Object.entries(value).map(([name, inner]) => [name.toLowerCase(), inner]));
  const pair = pairOf(folded, path);
  if (pair) return void into.answers.push(...pair);
  const [id, title] = [text(folded['id']) ?? text(folded['key']), text(folded['title']) ?? text(folded['label'])];
  if (id && title && depth > 0) into.titles.set(id, title);
  for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key], into, depth + 1);
}

function leaf(path: readonly string[], value: unknown): Answer[] {
  return answer(path.join('.'), null, null, value);
}

/** `{ label: 'Email', value: 'a@b.example', type: 'email' }` in one of its many spellings, names in small letters. */
function pairOf(object: Json, path: readonly string[]): Answer[] | null {
  const valueName = values.find((name) => name in object);
  if (!valueName) return null;
  const said = object[valueName];
  const keyed = path.length > 0 && !/^\d+$/.test(path.at(-1)!);
  const label = labels.filter((name) => name !== valueName).flatMap((name) => labelIn(object[name]) ?? [])[0];
  if (!label && !keyed) return null;
  const named = text(object['key']) ?? text(object['id']) ?? text(object['name']) ?? (keyed ? path.at(-1)! : null);
  const key = named ?? label!;
  const type = types.flatMap((name) => text(object[name]) ?? [])[0] ?? null;
  if (isObject(said))
    return Object.entries(said).flatMap(([part, value]) => answer(`${key}.${part}`, `${label ?? key}.${part}`, type, value));
  return answer(key, label ?? key, type, said);
}

function labelIn(value: unknown): string | null {
  return isObject(value) ? (text(value['title']) ?? text(value['label'])) : text(value);
}

function open(written: string): unknown {
  const trimmed = written.trim();
  if (!/^[[{]/.test(trimmed) || !/[\]}]$/.test(trimmed)) return undefined;
  try {
    const inner = JSON.parse(trimmed) as unknown;
    return typeof inner === 'object' && inner !== null ? inner : undefined;
  } catch {
    return undefined;
  }
}
