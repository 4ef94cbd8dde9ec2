import { resolveDate } from '../../domain/campaign/dates.ts';
import { recordKinds } from '../../domain/records/record.ts';
import type { Surroundings } from '../surroundings.ts';
import type { Queryable } from '../pool.ts';
import type { StepSubject } from './index.ts';

type Dates = Record<string, unknown>;

/**
 * The dates of the occasion and the records that each entry names, by reference: `occasion.starts_at`, `contract.ends_at`, and `record.ends_at` for the
 * one record an entry names. The rows stay locked against change until the decision is written: a date that moves either is seen or wakes.
 */
export async function loadDates(tx: Queryable, subjects: readonly StepSubject[], around: Surroundings): Promise<Record<string, Date>[]> {
  const occasions = await occasionDates(tx, named(subjects, 'occasion'));
  const records = new Map<string, Map<string, Dates>>();
  for (const kind of recordKinds) records.set(kind, await recordDates(tx, kind, named(subjects, kind)));
  return subjects.map(({ entry }) => {
    const dates: Record<string, Date> = {};
    const add = (of: string, known: Dates | undefined): void => {
      for (const [name, value] of Object.entries(known ?? {})) {
        const at = resolveDate(String(value), { lead: {}, account: null, zone: around.zone, calendar: around.calendar }, { entry: {} });
        if (at) dates[`${of}.${name}`] = at;
      }
    };
    add('occasion', occasions.get(String(entry['occasion'])));
    for (const kind of recordKinds) {
      const known = records.get(kind)!.get(String(entry[kind]));
      add(kind, known);
      if (known && (entry['record_kind'] ?? kind) === kind) add('record', known);
    }
    return dates;
  });
}

const named = (subjects: readonly StepSubject[], property: string): string[] => [
  ...new Set(subjects.flatMap(({ entry }) => (typeof entry[property] === 'string' ? [entry[property]] : []))),
];

async function occasionDates(tx: Queryable, keys: readonly string[]): Promise<Map<string, Dates>> {
  if (keys.length === 0) return new Map();
  const { rows } = await tx.query<{ key: string; dates: Dates }>(
    `select key, attributes || jsonb_build_object('starts_at', starts_at, 'ends_at', ends_at) as dates from occasion where key = any($1) order by id for share`,
    [keys],
  );
  return new Map(rows.map(({ key, dates }) => [key, dates]));
}

async function recordDates(tx: Queryable, kind: string, externalIds: readonly string[]): Promise<Map<string, Dates>> {
  if (externalIds.length === 0) return new Map();
  const { rows } = await tx.query<{ externalId: string; dates: Dates }>(
    `select external_id as "externalId", dates from record where kind = $1 and external_id = any($2) order by id for share`,
    [kind, externalIds],
  );
  return new Map(rows.map(({ externalId, dates }) => [externalId, dates]));
}
