import type { ExternalName } from '../domain/crm/external.ts';
import type { Queryable } from './pool.ts';

/** Somebody else has named the same thing in this moment: the transaction is tried again, and finds it. */
export const namedMeanwhile = (): Error => Object.assign(new Error('another has named the same meanwhile'), { code: '40001' });

/** An address or a domain that another took in this moment: the transaction is tried again, and sees whose it is. */
export const againIfTaken = (error: Error & { code?: string }): never => {
  throw error.code === '23505' ? namedMeanwhile() : error;
};

const columnOf = { lead: 'lead_id', account: 'account_id' } as const;
export type Kind = keyof typeof columnOf;

/** Whose ids these are, by `system externalId`. */
export async function findByExternalId(tx: Queryable, kind: Kind, names: readonly ExternalName[]): Promise<Map<string, string>> {
  if (names.length === 0) return new Map();
  const { rows } = await tx.query<ExternalName & { id: string }>(
    `select x.system, x.external_id as "externalId", x.${columnOf[kind]} as id
       from external_id x join unnest($2::text[], $3::text[]) as g (system, external_id) using (system, external_id) where x.kind = $1`,
    [kind, names.map((one) => one.system), names.map((one) => one.externalId)],
  );
  return new Map(rows.map((row) => [nameKey(row), row.id]));
}

export const nameKey = ({ system, externalId }: ExternalName): string => `${system} ${externalId}`;

/** Notes ids that are new. `made`: what they name came from that system. Throws what makes the transaction be tried again where another was first. */
export async function noteExternalIds(
  tx: Queryable,
  kind: Kind,
  ids: readonly (ExternalName & { id: string; made: boolean })[],
): Promise<void> {
  if (ids.length === 0) return;
  const sorted = ids.toSorted((a, b) => (nameKey(a) < nameKey(b) ? -1 : 1));
  const { rowCount } = await tx.query(
    `insert into external_id (kind, system, external_id, ${columnOf[kind]}, made)
     select $1, * from unnest($2::text[], $3::text[], $4::uuid[], $5::boolean[]) on conflict (kind, system, external_id) do nothing`,
    [
      kind,
      sorted.map((one) => one.system),
      sorted.map((one) => one.externalId),
      sorted.map((one) => one.id),
      sorted.map((one) => one.made),
    ],
  );
  if (rowCount !== sorted.length) throw namedMeanwhile();
}

/** Companies by whatever they are referred to: ids that nobody has are left out. Domains are made where they are not known yet. */
export async function companiesReferred(
  tx: Queryable,
  {
    ids,
    domains,
    names,
  }: {
    ids: readonly string[];
    domains: ReadonlyMap<string, { name: string | null; nameKey: string | null }>;
    names: readonly ExternalName[];
  },
): Promise<{ ids: Set<string>; domains: Map<string, string>; names: Map<string, string> }> {
  const here = ids.length === 0 ? [] : (await tx.query<{ id: string }>('select id from account where id = any($1::uuid[])', [ids])).rows;
  const sorted = [...domains].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const made =
    sorted.length === 0
      ? []
      : (
          await tx.query<{ domain: string; id: string }>(
            `insert into account (domain, name, name_key) select * from unnest($1::text[], $2::text[], $3::text[])
             on conflict (domain) do update set name = coalesce(account.name, excluded.name), name_key = coalesce(account.name_key, excluded.name_key)
             returning domain, id`,
            [sorted.map(([domain]) => domain), sorted.map(([, one]) => one.name), sorted.map(([, one]) => one.nameKey)],
          )
        ).rows;
  return {
    ids: new Set(here.map(({ id }) => id)),
    domains: new Map(made.map(({ domain, id }) => [domain, id])),
    names: await findByExternalId(tx, 'account', names),
  };
}
