import { deliveryOf, type Loop } from '../domain/loops.ts';
import { remindToConfirm } from './confirmations.ts';
import { type ConsentGround, consentGround, insertConsents, type NewConsent } from './consents.ts';
import { storeEvents } from './events.ts';
import { writeJournal } from './journal.ts';
import type { Queryable } from './pool.ts';
import { lockLeads, wakeLeads, type Woken } from './wakes.ts';
import { wokenLoops } from './woken-loops.ts';

/** How many leads one look takes. */
const BATCH = 2_000;

interface Due {
  leadId: string;
  slot: number;
  topic: string;
  consentId: string;
  what: 'remind' | 'warn' | 'lapse';
  expiresAt: Date | null;
  basis: string | null;
}

/**
 * What time does to consents: those asked are reminded, those whose consent runs out are told about by the event `consent_expiring`, and what has run
 * out is noted as expired, with its reason in the journal. Leads in other hands are left to the next look. Answers whom to poke after the commit.
 */
export async function lookAtConsents(tx: Queryable): Promise<Loop[]> {
  const due = await lockDue(tx);
  if (due.length === 0) return [];
  const ground = await consentGround(tx);
  const over = (one: Due): boolean => one.expiresAt !== null && one.expiresAt <= ground.now;
  const reminded = due.filter(({ what }) => what === 'remind');
  const warned = due.filter((one) => one.what === 'warn' && !over(one));
  const lapsed = due.filter((one) => one.what !== 'remind' && over(one));

  const lanes = await remindToConfirm(tx, reminded, ground);
  const woken = [...(await warn(tx, warned, ground)), ...(await lapse(tx, lapsed, ground))];
  await goOn(tx, due, warned);
  const slots = [...warned, ...lapsed].map(({ slot }) => slot);
  return [...deliveryOf(lanes), ...(await wokenLoops(tx, woken, slots))];
}

/** The due looks of leads that nobody else holds, under their locks; of those, what is about the newest row. */
async function lockDue(tx: Queryable): Promise<Due[]> {
  const { rows: free } = await tx.query<{ id: string }>(
    `with due as (select lead_id from consent_due where due_at <= clock() order by due_at limit $1)
     select id from lead where id in (select lead_id from due) order by id for no key update skip locked`,
    [BATCH],
  );
  const leadIds = free.map(({ id }) => id);
  await lockLeads(tx, leadIds);
  const { rows } = await tx.query<Due>(
    `select d.lead_id as "leadId", l.slot, d.topic, d.consent_id as "consentId", d.what, c.expires_at as "expiresAt", c.basis
       from consent_due d join lead l on l.id = d.lead_id join consent c on c.id = d.consent_id
      where d.lead_id = any($1::uuid[]) and d.due_at <= clock() order by d.lead_id, d.topic`,
    [leadIds],
  );
  return rows;
}

async function warn(tx: Queryable, those: readonly Due[], { now }: ConsentGround): Promise<Woken[]> {
  const { woken, candidates } = await storeEvents(
    tx,
    those.map(({ leadId, topic, expiresAt, basis }) => ({
      leadId,
      name: 'consent_expiring',
      source: 'consent',
      at: now,
      properties: { topic, expires_at: expiresAt!.toISOString(), basis },
    })),
  );
  return [...woken, ...candidates];
}

async function lapse(tx: Queryable, those: readonly Due[], ground: ConsentGround): Promise<Woken[]> {
  const rows = those.map(({ leadId, topic, consentId, expiresAt, basis }): NewConsent => {
    return { leadId, topic, state: 'expired', source: 'expiry', basis, proof: { consent: consentId, expiredAt: expiresAt } };
  });
  const added = await insertConsents(tx, rows, 'lapsed', ground);
  const now = new Set(added.map(({ id, topic }) => `${id} ${topic}`));
  const told = those.filter(({ leadId, topic }) => now.has(`${leadId} ${topic}`));
  await writeJournal(
    tx,
    told.map(({ leadId, topic, basis, expiresAt }) => ({
      kind: 'consent_expired',
      leadId,
      because: { rule: 'consent_expired', topic, basis, at: expiresAt },
    })),
  );
  return wakeLeads(tx, [...new Set(told.map(({ leadId }) => leadId))]);
}

/** After the warning comes the end; everything else has been done. What was written meanwhile in this transaction is about a newer row. */
async function goOn(tx: Queryable, due: readonly Due[], warned: readonly Due[]): Promise<void> {
  const next = due.map((one) => (warned.includes(one) ? one.expiresAt : null));
  const looked = `unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[]) as k (lead_id, topic, consent_id, next)`;
  const same = 'd.lead_id = k.lead_id and d.topic = k.topic and d.consent_id = k.consent_id';
  await tx.query(
    `with over as (delete from consent_due d using ${looked} where ${same} and k.next is null)
     update consent_due d set what = 'lapse', due_at = k.next from ${looked} where ${same} and k.next is not null`,
    [due.map((one) => one.leadId), due.map((one) => one.topic), due.map((one) => one.consentId), next],
  );
}
