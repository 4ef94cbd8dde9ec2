import type { AccountKeys, NewPerson } from '../domain/identity/person.ts';
import type { Known } from './identities.ts';
import type { Queryable } from './pool.ts';

export interface AccountOf {
  accountId: string | null;
  /** Another account of the same normalised name, for a person to look at. */
  accountHintId: string | null;
}

/**
 * Makes the accounts that are missing, names those that had no name yet, and tells each person's, in their order. `keys` are
 * the people's, in the same order. No statement when all are known.
 */
export async function storeAccounts(
  tx: Queryable,
  people: readonly NewPerson[],
  keys: readonly AccountKeys[],
  known: Known,
): Promise<AccountOf[]> {
  const accounts = new Map([...known.accounts].map(([domain, { id }]) => [domain, id]));
  const wanted = new Map<string, { domain: string; name: string | null; nameKey: string | null; country: string | null }>();
  keys.forEach(({ domain, nameKey }, i) => {
    const account = domain ? known.accounts.get(domain) : undefined;
    if (!domain || (account && (account.named || !nameKey)) || wanted.get(domain)?.nameKey) return;
    wanted.set(domain, { domain, nameKey, name: nameKey ? people[i]!.company! : null, country: people[i]!.country ?? null });
  });
  // Numbered in the order of coming, for the oldest of a name is the one hinted at; inserted in the order of locking.
  const given = [...wanted.values()];
  if (given.length > 0) {
    const { rows } = await tx.query<{ domain: string; id: string }>({
      name: 'store-accounts',
      text: `with given as materialized (
         select uuidv7() as id, g.* from unnest($1::text[], $2::text[], $3::text[], $4::text[]) as g (domain, name, name_key, country))
       insert into account (id, domain, name, name_key, country)
       select id, domain, name, name_key, country from given order by domain
       on conflict (domain) do update set name = coalesce(account.name, excluded.name), name_key = coalesce(account.name_key, excluded.name_key)
       returning domain, id`,
      values: [given.map((a) => a.domain), given.map((a) => a.name), given.map((a) => a.nameKey), given.map((a) => a.country)],
    });
    for (const { domain, id } of rows) accounts.set(domain, id);
  }
  // Whoever names an account here is known to those who come after them, as if each had come alone.
  const hints = new Map(known.hints);
  return keys.map(({ domain, nameKey }) => {
    const accountId = (domain && accounts.get(domain)) || null;
    const hint = (nameKey && hints.get(nameKey)) || null;
    if (accountId && nameKey && wanted.get(domain!)?.nameKey === nameKey && (!hint || accountId < hint)) hints.set(nameKey, accountId);
    return { accountId, accountHintId: hint === accountId ? null : hint };
  });
}
