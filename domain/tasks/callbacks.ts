import { z } from 'zod';
import type { Calendar } from '../calendar/calendar.ts';
import { duration, plus } from '../calendar/duration.ts';
import { startOf } from '../calendar/zoned.ts';
import { recordKinds, type RecordKind } from '../records/record.ts';
import { outcomesFor, taskKinds } from './kinds.ts';
import { recipient } from './recipient.ts';

const rule = z.strictObject({
  /** Names the rule for life: what is planned by it is found by it. */
  key: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,99}$/, 'is not a key such as after-delivery'),
  /** When a record of this kind comes to this status. */
  on: z.strictObject({ record: z.enum(recordKinds), status: z.string().regex(/^[a-z][a-z0-9_]*$/, 'is not a status such as delivered') }),
  /** How long after it the call falls due; business days are those of the workspace. */
  after: duration,
  /** Counts from this date of the record, where it has one, instead of from when it came to the status. */
  from: z.string().optional(),
  /** `account`: while one call of this rule stands open for the company, another delivery makes no second. */
  once: z.enum(['record', 'account']).default('record'),
  task: z.strictObject({
    title: z.string().min(1).max(200),
    kind: z.enum(taskKinds).default('call'),
    to: recipient.default('owner'),
    due: duration.default('1bd'),
    remindBefore: duration.nullable().default(null),
    outcomes: z
      .array(z.string().regex(/^[a-z][a-z0-9_]{0,39}$/))
      .max(20)
      .optional(),
  }),
});

/** The document of calls that are owed after a service or a delivery. */
export const callbacksSchema = z.strictObject({
  rules: z
    .array(rule)
    .max(100)
    .refine((rules) => new Set(rules.map(({ key }) => key)).size === rules.length, { error: 'two rules have the same key' }),
});
export type Callbacks = z.infer<typeof callbacksSchema>;
export type CallbackRule = Callbacks['rules'][number];

/** A record as far as call-backs look at it. */
export interface Served {
  id: string;
  kind: RecordKind;
  status: string;
  /** Since when it says so. */
  statusSince: Date;
  dates: Record<string, string>;
}

/** A call that is owed. */
export interface Owed {
  rule: string;
  recordId: string;
  since: Date;
  dueAt: Date;
}

/** The calls that these records owe as they stand, by these rules: each at most once for each time that it came to its status. */
export function owedFor(records: readonly Served[], rules: readonly CallbackRule[], zone: string, calendar: Calendar): Owed[] {
  return records.flatMap((record) =>
    rules
      .filter(({ on }) => on.record === record.kind && on.status === record.status)
      .map(({ key, after, from }) => {
        const said = from === undefined ? undefined : record.dates[from];
        const start = said === undefined ? record.statusSince : said.length === 10 ? startOf(said, zone) : new Date(said);
        return { rule: key, recordId: record.id, since: record.statusSince, dueAt: plus(start, after, zone, calendar) };
      }),
  );
}

/** What may be answered to the task of a rule. */
export const callbackOutcomes = ({ task: { kind, outcomes } }: CallbackRule): string[] => outcomesFor(kind, outcomes);
