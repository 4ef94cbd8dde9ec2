import { z } from 'zod';
import { offset, plus } from '../calendar/duration.ts';
import { instantAt } from '../calendar/zoned.ts';
import type { Vocabulary } from '../workspace/vocabulary.ts';
import type { CampaignFacts, FactNeed, StepIssue } from './step.ts';

/** What a date may be asked of besides the lead, its account and the entry's own properties; loaded with the fact `dates`. */
const dated = ['occasion', 'record', 'quote', 'order', 'contract', 'case'] as const;

const reference = new RegExp(String.raw`^(lead|account|\$entry|${dated.join('|')})\.[\w.-]+$`);
const literal = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;

/**
 * Where a date stands: `occasion.starts_at`, `contract.ends_at`, `lead.trial_ends`, `account.renewal`, `$entry.visit_on` (a property of what brought
 * the lead in), or the date itself. One without a time means the beginning of that day, one without an offset the wall clock, in the lead's zone.
 */
export const dateRef = z
  .string()
  .refine(
    (ref) => reference.test(ref) || instantOf(ref, 'UTC') !== null,
    'is not a date such as occasion.starts_at, contract.ends_at, lead.<attribute>, account.<attribute>, $entry.<property> or 2026-12-01T09:00',
  );

/** A date, or so long before or after one: `{ date: occasion.ends_at, offset: 1d }`. */
export const moment = z.union([dateRef, z.strictObject({ date: dateRef, offset: offset.optional() })]);
export type Moment = z.infer<typeof moment>;

type Known = Pick<CampaignFacts, 'lead' | 'account' | 'dates' | 'zone' | 'calendar'>;

/** The instant a reference means for this enrolment, or null where none is known. */
export function resolveDate(ref: string, facts: Known, { entry }: { entry: Record<string, unknown> }): Date | null {
  const dot = ref.indexOf('.');
  const [of, name] = [ref.slice(0, dot), ref.slice(dot + 1)];
  if (!reference.test(ref)) return instantOf(ref, facts.zone);
  if (of === 'lead') return instantOf(facts.lead[name], facts.zone);
  if (of === 'account') return instantOf(facts.account?.[name], facts.zone);
  if (of === '$entry') return instantOf(entry[name], facts.zone);
  return facts.dates?.[ref] ?? null;
}

/** The same for a moment; days in its offset are the lead's. */
export function resolveMoment(of: Moment, facts: Known, enrolment: { entry: Record<string, unknown> }): Date | null {
  const { date, offset: by } = typeof of === 'string' ? { date: of } : of;
  const at = resolveDate(date, facts, enrolment);
  return at && by ? plus(at, by, facts.zone, facts.calendar) : at;
}

/** What has to be loaded to resolve it. */
export function dateNeeds(of: Moment | undefined): FactNeed[] {
  const ref = typeof of === 'string' ? of : of?.date;
  if (ref?.startsWith('lead.') || ref?.startsWith('account.')) return ['attributes'];
  return dated.some((kind) => ref?.startsWith(`${kind}.`)) ? ['dates'] : [];
}

/** That it names an attribute nobody has declared, where the workspace declares them. */
export function dateIssues(of: Moment | undefined, vocabulary: Vocabulary | undefined): StepIssue[] {
  const [kind, name] = ((typeof of === 'string' ? of : of?.date) ?? '').split('.');
  return kind === 'lead' || kind === 'account' ? (vocabulary?.attribute(kind, name!) ?? []) : [];
}

/** A moment for people: `1h before occasion.starts_at`. */
export function momentWords(of: Moment): string {
  const { date, offset: by } = typeof of === 'string' ? { date: of } : of;
  if (!by || /^-?0\D/.test(by)) return date;
  return by.startsWith('-') ? `${by.slice(1)} before ${date}` : `${by} after ${date}`;
}

/** An instant, or a wall time in the zone where no offset is written; null when it is neither. */
function instantOf(given: unknown, zone: string): Date | null {
  if (given instanceof Date) return given;
  if (typeof given !== 'string' || !literal.test(given)) return null;
  const wall = Date.parse(given.length === 10 ? given : /(Z|[+-]\d\d:?\d\d)$/.test(given) ? given : `${given.replace(' ', 'T')}Z`);
  if (Number.isNaN(wall) || !isDay(given.slice(0, 10))) return null;
  return /[T ].*(Z|[+-]\d\d:?\d\d)$/.test(given) ? new Date(given.replace(' ', 'T')) : instantAt(wall, zone);
}

/** Whether a month has this day: `Date.parse` takes 30 February for 2 March. */
function isDay(date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
}
