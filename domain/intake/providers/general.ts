import { answer, instant, isObject, type Json, text } from '../shape.ts';
import type { Answer, Recognised } from '../types.ts';

const DEEPEST = 8;
const MOST = 500;

const labels = ['label', 'title', 'question', 'name', 'field_label', 'fieldLabel', 'key', 'field', 'ref', 'id'];
const values = ['value', 'answer', 'answers', 'text', 'response', 'val'];
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
  const answers: Answer[] = [];
  walk(body, [], answers, 0);
  const top = isObject(body) ? [body, ...Object.values(body).filter(isObject)] : [];
  const find = <T>(names: readonly string[], read: (value: unknown) => T | null): T | null =>
    top.flatMap((level) => names.flatMap((name) => read(level[name]) ?? []))[0] ?? null;
  return { provider, providerId: find(ids, text), submittedAt: find(instants, instant), answers, context: {}, test: false, consent: null };
}

function walk(value: unknown, path: readonly string[], into: Answer[], depth: number): void {
  if (depth > DEEPEST || into.length >= MOST) return;
  const opened = typeof value === 'string' ? open(value) : undefined;
  if (opened !== undefined) return walk(opened, path, into, depth + 1);
  if (Array.isArray(value)) {
    if (value.some((one) => isObject(one) || Array.isArray(one)))
      value.forEach((one, i) => walk(one, [...path, String(i)], into, depth + 1));
    else into.push(...leaf(path, value));
    return;
  }
  if (!isObject(value)) return void into.push(...leaf(path, value));
  const pair = pairOf(value, path);
  if (pair) return void into.push(...pair);
  for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key], into, depth + 1);
}

function leaf(path: readonly string[], value: unknown): Answer[] {
  return answer(path.join('.'), null, null, value);
}

/** `{ label: 'Email', value: 'a@b.example', type: 'email' }` in one of its many spellings. */
function pairOf(object: Json, path: readonly string[]): Answer[] | null {
  const valueName = values.find((name) => name in object);
  if (!valueName) return null;
  const said = object[valueName];
  const keyed = path.length > 0 && !/^\d+$/.test(path.at(-1)!);
  const label = labels
    .filter((name) => name !== valueName)
    .flatMap(
      (name) => text(object[name]) ?? (isObject(object[name]) ? (text(object[name]['title']) ?? text(object[name]['label']) ?? []) : []),
    )[0];
  if (!label && !keyed) return null;
  const key = text(object['key']) ?? text(object['id']) ?? text(object['name']) ?? path.at(-1) ?? label!;
  if (isObject(said)) {
    return Object.entries(said).flatMap(([part, value]) =>
      answer(`${key}.${part}`, `${label ?? path.at(-1)} ${part}`, text(object['type']), value),
    );
  }
  return answer(key, label ?? path.at(-1)!, text(object['type']), said);
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
