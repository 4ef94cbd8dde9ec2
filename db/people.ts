import type { Colleague } from '../domain/campaign/people.ts';
import type { Queryable } from './pool.ts';

export interface AccountPerson extends Colleague {
  accountId: string;
  slot: number;
}

/**
 * The people of these accounts whom a campaign may turn to: with an address, no tests, nobody who was disqualified. One statement; who of
 * them is meant, `choosePeople` says.
 */
export async function peopleOfAccounts(tx: Queryable, accountIds: readonly string[]): Promise<Map<string, AccountPerson[]>> {
  const people = new Map<string, AccountPerson[]>();
  if (accountIds.length === 0) return people;
  const { rows } = await tx.query<AccountPerson>(
    `select l.id as "leadId", l.account_id as "accountId", l.slot, coalesce(l.buying_role, l.attributes ->> 'buying_role') as "buyingRole",
            s.engagement, l.created_at as "createdAt"
       from lead l left join lead_score s on s.lead_id = l.id
      where l.account_id = any($1::uuid[]) and l.email is not null and not l.test and l.stage <> 'disqualified'`,
    [[...new Set(accountIds)]],
  );
  for (const row of rows) people.set(row.accountId, [...(people.get(row.accountId) ?? []), row]);
  return people;
}
