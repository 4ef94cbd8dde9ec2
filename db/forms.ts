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
  const [row] = rows;
  if (!row) throw new TendrilError('not_found', 'There is no form of this key');
  const { body, ...rest } = row;
  return { form: parseForm(body), ...rest };
}
