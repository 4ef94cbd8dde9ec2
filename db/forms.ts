import { topics } from '../domain/consent/topics.ts';
import { TendrilError } from '../domain/errors.ts';
import { type Form, parseForm } from '../domain/forms/form.ts';
import type { ConsentGround } from './consents.ts';
import type { Queryable } from './pool.ts';

/** A form document in force, with what else of the workspace its intake needs. */
export interface FormInForce {
  form: Form;
  version: number;
  /** The workspace's country, for national telephone numbers. */
  country: string;
  ranges: number;
  /** Workspace time. */
  now: Date;
}

/** Reads one form. Throws `not_found`. */
export async function formInForce(tx: Queryable, key: string): Promise<FormInForce> {
  const { rows } = await tx.query<{ body: unknown; version: number; country: string; ranges: number; now: Date }>({
    name: 'form-in-force',
    text: `select d.body, d.version, w.country, w.ranges, clock() as now from document d cross join workspace w
            where d.kind = 'form' and d.key = $1 order by d.version desc limit 1`,
    values: [key],
  });
  const [row] = rows;
  if (!row) throw new TendrilError('not_found', 'There is no form of this key');
  const { body, ...rest } = row;
  return { form: parseForm(body), ...rest };
}

/** Which of these forms, as they were read before, are in force still; what time it is, and what their consents are noted against. */
export async function stillInForce(tx: Queryable, read: readonly FormInForce[]): Promise<ConsentGround & { inForce: boolean[] }> {
  const { rows } = await tx.query<{ inForce: boolean[]; now: Date; topics: unknown }>({
    name: 'still-in-force',
    text: `select array_agg(k.version = d.version and k.country = w.country and k.ranges = w.ranges order by k.n) as "inForce", clock() as now,
                  (select body from document where kind = 'topics' and key = 'default' order by version desc limit 1) as topics
             from unnest($1::text[], $2::int[], $3::text[], $4::int[]) with ordinality as k (key, version, country, ranges, n)
             cross join workspace w
             left join (select key, max(version) as version from document where kind = 'form' and key = any($1) group by key) d on d.key = k.key`,
    values: [
      read.map(({ form }) => form.key),
      read.map(({ version }) => version),
      read.map(({ country }) => country),
      read.map(({ ranges }) => ranges),
    ],
  });
  const { inForce, now, topics: body } = rows[0]!;
  return { inForce, now, document: topics.parse(body ?? {}) };
}
