import { INSTANT } from './clock.ts';
import type { Queryable } from './pool.ts';
import type { NewSuppression } from './suppressions.ts';
import { lockLeads, wakeLeads, type Woken } from './wakes.ts';

/** What a batch of a list came, or would come, to. */
export interface Listed {
  added: number;
  /** Barred before, from marketing alone, and now from all mail. */
  widened: number;
  already: number;
  /** People we know among those added or widened. */
  leads: number;
}

/** What a batch would come to; nothing is written. No address twice for the same reason. */
export async function previewSuppressions(tx: Queryable, given: readonly NewSuppression[]): Promise<Listed> {
  const { rows } = await tx.query<Listed>(
    `with given as (
       select n.address, n.scope, s.scope as was from unnest($1::text[], $2::text[], $3::text[]) as n (address, kind, scope)
         left join suppression s on s.address = n.address and s.kind = n.kind)
     select count(*) filter (where was is null)::int as added,
            count(*) filter (where was = 'marketing' and scope = 'all')::int as widened,
            count(*) filter (where was = 'all' or was = scope)::int as already,
            (select count(*)::int from lead where email in (select address from given where was is null or (was = 'marketing' and scope = 'all'))) as leads
       from given`,
    columnsOf(given),
  );
  return rows[0]!;
}

/**
 * Bars a batch of addresses, and wakes whom they belong to, under their locks. One that is barred for the same reason keeps the wider scope. No address twice
 * for the same reason.
 */
export async function storeSuppressions(
  tx: Queryable,
  given: readonly NewSuppression[],
  source: string,
): Promise<Listed & { woken: Woken[]; slots: number[] }> {
  const { rows: known } = await tx.query<{ id: string; slot: number; email: string }>(
    'select id, slot, email from lead where email = any($1)',
    [given.map((one) => one.address)],
  );
  await lockLeads(
    tx,
    known.map(({ id }) => id),
  );
  const { rows } = await tx.query<{ address: string; added: boolean }>(
    `insert into suppression as s (address, kind, scope, source, at)
     select address, kind, scope, $4, ${INSTANT} from unnest($1::text[], $2::text[], $3::text[]) as n (address, kind, scope) order by address, kind
         on conflict (address, kind) do update set scope = 'all' where excluded.scope = 'all' and s.scope <> 'all'
     returning address, xmax = 0 as added`,
    [...columnsOf(given), source],
  );
  const changed = new Set(rows.map(({ address }) => address));
  const concerned = known.filter(({ email }) => changed.has(email));
  const added = rows.filter((row) => row.added).length;
  return {
    added,
    widened: rows.length - added,
    already: given.length - rows.length,
    leads: concerned.length,
    woken: await wakeLeads(
      tx,
      concerned.map(({ id }) => id),
    ),
    slots: concerned.map(({ slot }) => slot),
  };
}

const columnsOf = (given: readonly NewSuppression[]): string[][] => [
  given.map((one) => one.address),
  given.map((one) => one.kind),
  given.map((one) => one.scope),
];

/** A suppression as it is written to a file. */
export interface ExportedSuppression extends NewSuppression {
  at: Date;
}

const CHUNK = 5_000;

/** Every suppression by address, some thousand at a time: each chunk is a statement of its own, however long the reader takes. */
export async function* exportSuppressions(tx: Queryable): AsyncGenerator<ExportedSuppression[]> {
  let from: readonly [string, string] = ['', ''];
  for (;;) {
    const { rows } = await tx.query<ExportedSuppression>(
      `select address, kind, scope, source, at from suppression where (address, kind) > ($1, $2) order by address, kind limit $3`,
      [...from, CHUNK],
    );
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < CHUNK) return;
    from = [last.address, last.kind];
  }
}
