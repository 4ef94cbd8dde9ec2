import { z } from 'zod';
import type { ConditionDocument } from '../../conditions/condition.ts';
import { dateEntry } from './date.ts';
import { eventEntry } from './event.ts';
import type { EntryDocument, EntryKind } from './kind.ts';
import { scheduleEntry } from './schedule.ts';
import { segmentEntry } from './segment.ts';

/** Every kind of entry there is. The first whose key stands in a document is meant, so those that merely use a segment come before `segment`. */
export const entryKinds = [eventEntry, dateEntry, scheduleEntry, segmentEntry] as unknown as EntryKind<EntryDocument>[];
const kindNames = entryKinds.map(({ kind }) => kind).join(', ');

/** The kind an entry of a document is of, or undefined. */
export const entryKindOf = (entry: object): EntryKind<EntryDocument> | undefined => entryKinds.find(({ kind }) => kind in entry);

/** One entry, parsed by its own kind, so that a fault is named by that kind alone. */
const entry = z.unknown().transform((given, ctx): EntryDocument => {
  const fault = (message: string, path: PropertyKey[] = []): EntryDocument => {
    ctx.addIssue({ code: 'custom', message, path });
    return {};
  };
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return fault('an entry is an object, such as { event: form_submitted }');
  const kind = entryKindOf(given);
  if (!kind) return fault(`this entry has none of the keys that say what brings people in: ${kindNames}`);
  const parsed = kind.schema.safeParse(given);
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues) fault(issue.message, [...issue.path]);
  return {};
});

/** What brings people in: one entry or a list of them; none means by hand and by API only. */
export const entries = z.preprocess(
  (given) => (given === undefined ? [] : Array.isArray(given) ? (given as unknown[]) : [given]),
  z.array(entry),
);

/** All that must hold when somebody's turn to enter comes, or null. */
export function entryCondition(given: EntryDocument): ConditionDocument | null {
  const parts = [entryKindOf(given)?.condition?.(given), given.if].filter((one) => one !== undefined);
  return parts.length === 0 ? null : parts.length === 1 ? parts[0]! : { all: parts };
}

/** Which segments' members this campaign needs to be known at any time. */
export const keptSegments = (list: readonly EntryDocument[]): string[] => [
  ...new Set(list.flatMap((one) => entryKindOf(one)?.keeps?.(one) ?? [])),
];
