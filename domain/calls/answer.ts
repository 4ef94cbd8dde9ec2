import { storableJson } from '../storable.ts';

/** The value at a dotted path, `data.items.0.id`; undefined where there is none. Own properties only: the answer is somebody else's. */
export function valueAt(json: unknown, path: string): unknown {
  let at = json;
  for (const part of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return undefined;
    at = (at as Record<string, unknown>)[part];
  }
  return at;
}

/** Attributes an answer gives, by the paths a step names. What is not there, or is null, sets nothing. */
export function attributesOf(json: unknown, sets: Record<string, string>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(sets).flatMap(([attribute, path]) => {
      const found = valueAt(json, path);
      return found === undefined || found === null ? [] : [[attribute, JSON.parse(storableJson(found))]];
    }),
  );
}
