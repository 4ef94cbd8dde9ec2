import { TendrilError } from '../domain/errors.ts';
import { type Form, parseForm } from '../domain/forms/form.ts';
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
  const row = rows[0] ?? noSuchForm();
  const { body, ...rest } = row;
  return { form: parseForm(body), ...rest };
}

export function noSuchForm(): never {
  throw new TendrilError('not_found', 'There is no form of this key');
}

/** A form as it stands at this moment: its text too, unless it is of the version that the reader has. */
export interface FormNow extends Omit<FormInForce, 'form'> {
  body: unknown;
}

/** Reads forms of which the reader may have a version already, in the order asked for; null where there is none of the key. */
export async function formsNow(tx: Queryable, wanted: readonly { key: string; has: number | null }[]): Promise<(FormNow | null)[]> {
  const { rows } = await tx.query<FormNow & { version: number | null }>({
    name: 'forms-now',
    text: `select d.version, case when d.version is distinct from k.has then d.body end as body, w.country, w.ranges, clock() as now
             from unnest($1::text[], $2::int[]) with ordinality as k (key, has, n) cross join workspace w
             left join lateral (
               select version, body from document where kind = 'form' and key = k.key order by version desc limit 1) d on true
            order by k.n`,
    values: [wanted.map(({ key }) => key), wanted.map(({ has }) => has)],
  });
  return rows.map((row) => (row.version === null ? null : row));
}
