import { findLeadId } from '../../db/leads-read.ts';
import type { Queryable } from '../../db/pool.ts';
import { TendrilError } from '../../domain/errors.ts';

/** The id of the lead that a path names by id or address. Throws `not_found`. */
export async function requireLeadId(tx: Queryable, idOrEmail: string): Promise<string> {
  const id = await findLeadId(tx, idOrEmail);
  if (id === null) throw new TendrilError('not_found', 'There is no lead with this id or address');
  return id;
}
