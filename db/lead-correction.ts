import type { LeadTold } from '../domain/crm/lead.ts';
import { companyDomain } from '../domain/identity/company.ts';
import { accountKeysOf } from '../domain/identity/person.ts';
import { joinName } from '../domain/identity/name.ts';
import { TendrilError } from '../domain/errors.ts';
import type { Loop } from '../domain/loops.ts';
import { storeAccounts } from './accounts.ts';
import { findKnown } from './identities.ts';
import { writeJournal } from './journal.ts';
import { personColumns } from './lead-columns.ts';
import type { Queryable } from './pool.ts';
import { lockLeads, wakeLeads } from './wakes.ts';
import { wokenLoops } from './woken-loops.ts';

/** What a person says instead of what is written down; normalised. What is absent stays, null clears. */
export type Correction = Pick<LeadTold, keyof typeof personColumns | 'test'>;

const assignments = Object.entries(personColumns).map(
  ([field, column]) => `${column} = case when $2::jsonb ? '${field}' then $2 ->> '${field}' else ${column} end`,
);

interface Standing {
  slot: number;
  email: string | null;
  phone: string | null;
  firstName: string | null;
  lastName: string | null;
  domain: string | null;
}

/**
 * Writes down what a person corrects of one lead, journals which fields, and wakes all that goes by them. An earlier email still finds
 * the lead; an earlier number does not. Where the account came from the address, it follows it. `test` goes for its enrolments and for
 * the opportunity opened for it too, so that they leave the figures with it or come back. Answers the loops to poke after the commit.
 * Throws `conflict` when the address is another lead's, or neither address nor number would remain; `not_found`.
 */
export async function correctLead(tx: Queryable, id: string, correction: Correction): Promise<Loop[]> {
  // As a campaign's step locks them: enrolments, then their leads.
  await tx.query('select from enrolment where lead_id = $1 order by id for no key update', [id]);
  await lockLeads(tx, [id]);
  const lead = await readStanding(tx, id);
  const patch = { ...correction, ...wholeNameOf(lead, correction) };
  const left = { email: lead.email, phone: lead.phone, ...patch };
  if (!left.email && !left.phone) throw new TendrilError('conflict', 'A lead needs an email or a phone: neither would remain');
  await renameIdentities(tx, id, lead, correction);

  await tx.query(`update lead set ${assignments.join(', ')}, updated_at = clock() where id = $1`, [id, JSON.stringify(patch)]);
  if (correction.email && lead.domain === companyDomain(lead.email)) await followAddress(tx, id, correction);
  if (correction.test !== undefined) await setTest(tx, id, correction.test);
  await writeJournal(tx, [{ kind: 'corrected', leadId: id, because: { fields: Object.keys(correction) } }]);
  return wokenLoops(tx, await wakeLeads(tx, [id]), [lead.slot]);
}

async function readStanding(tx: Queryable, id: string): Promise<Standing> {
  const { rows } = await tx.query<Standing>(
    `select l.slot, l.email, l.phone, l.first_name as "firstName", l.last_name as "lastName", a.domain
       from lead l left join account a on a.id = l.account_id where l.id = $1`,
    [id],
  );
  if (!rows[0]) throw new TendrilError('not_found', 'There is no lead with this id or address');
  return rows[0];
}

/** The whole name follows its parts, unless it is said itself. */
function wholeNameOf(lead: Standing, { name, firstName, lastName }: Correction): { name?: string | null } {
  if (name !== undefined || (firstName === undefined && lastName === undefined)) return {};
  return { name: joinName(firstName === undefined ? lead.firstName : firstName, lastName === undefined ? lead.lastName : lastName) };
}

async function renameIdentities(tx: Queryable, id: string, lead: Standing, { email, phone }: Correction): Promise<void> {
  if (phone !== undefined && phone !== lead.phone)
    await tx.query(`delete from lead_identity where kind = 'phone' and value = $2 and lead_id = $1`, [id, lead.phone]);
  await tx.query(
    `insert into lead_identity (kind, value, lead_id)
     select kind, value, $1 from (values ('email', $2), ('phone', $3)) as i (kind, value) where value is not null order by kind
     on conflict do nothing`,
    [id, email ?? null, phone ?? null],
  );
  if (!email) return;
  const { rows } = await tx.query(`select from lead_identity where kind = 'email' and value = $2 and lead_id <> $1`, [id, email]);
  if (rows.length > 0)
    throw new TendrilError('conflict', 'Another lead is known by this address', [{ path: 'email', reason: 'is another lead’s address' }]);
}

/** A typing error in the address made the account: the right one is the new address's. Nobody has one by a free-mail address. */
async function followAddress(tx: Queryable, id: string, { email, company }: Correction): Promise<void> {
  const person = { email, company };
  const keys = [accountKeysOf(person)];
  const [account] = await storeAccounts(tx, [person], keys, await findKnown(tx, [person], keys));
  await tx.query('update lead set account_id = $2 where id = $1', [id, account!.accountId]);
}

async function setTest(tx: Queryable, id: string, test: boolean): Promise<void> {
  await tx.query('update lead set test = $2 where id = $1', [id, test]);
  await tx.query('update enrolment set test = $2 where lead_id = $1 and test <> $2', [id, test]);
  await tx.query('update opportunity set test = $2 where lead_id = $1 and test <> $2', [id, test]);
  await tx.query('update task set test = $2 where lead_id = $1 and test <> $2', [id, test]);
  await tx.query('update outgoing_call set test = $2 where lead_id = $1 and test <> $2', [id, test]);
}
