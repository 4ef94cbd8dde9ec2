import type { Loop } from '../domain/loops.ts';
import { saidIn } from '../domain/inbound/said.ts';
import type { InboundMail } from '../domain/inbound/mail.ts';
import { accept } from './answers.ts';
import { readClock } from './clock.ts';
import { storeEvents } from './events.ts';
import { knownBy } from './identities.ts';
import type { Queryable } from './pool.ts';
import { type Rep, repsById } from './reps.ts';
import { touchSeen } from './sequence-touch.ts';
import { lockLeads } from './wakes.ts';
import { wokenLoops } from './woken-loops.ts';
import { storable } from '../domain/storable.ts';

/** What came of a mail that a rep sent to somebody else, with our address in its Bcc. */
export interface NotedBcc {
  /** The first of the leads it went to; null: to none of ours. */
  leadId: string | null;
  /** How many leads of ours it went to, and how many of the rep's opportunities it touched. */
  leads: number;
  touched: number;
  /** Why nothing came of it. */
  reason: string | null;
  /** Somebody should look at it: it may be forged. */
  strange: boolean;
  loops: Loop[];
}

/** A mail is believed what it says of its own time for so long before it came, real and workspace time alike. */
const BELIEVED_MS = 24 * 3_600_000;
/** How much of what they wrote stands on the timeline, characters. */
const EXCERPT = 2_000;

const nothing = (reason: string, strange = false): NotedBcc => ({ leadId: null, leads: 0, touched: 0, reason, strange, loops: [] });

/**
 * Takes in a mail of a rep's own to leads of ours: it stands on their timelines as `email_sent_by_rep`, and counts as the talk of each opportunity
 * of this rep's that they are on, at the time the mail was sent. `repId` is whose signed address it came to; only mail from the rep's own
 * address counts, whoever else has learnt it. A mail takes effect once: the caller has stored it under its key.
 */
export async function noteBccTouch(
  tx: Queryable,
  repId: string,
  mail: Pick<InboundMail, 'from' | 'to' | 'subject' | 'text' | 'date' | 'messageId'>,
): Promise<NotedBcc> {
  const rep = (await repsById(tx, [repId])).get(repId);
  if (!rep?.active) return nothing('the address is that of somebody who has left');
  if (mail.from?.address !== rep.email.toLowerCase()) return nothing('it does not come from the rep whose address it names', true);
  const leads = await leadsWith(tx, mail.to);
  if (leads.length === 0) return nothing('it went to none of our leads');
  const leadIds = leads.map(({ id }) => id);
  await lockLeads(tx, leadIds);
  const { now } = await readClock(tx);
  const at = sentAt(mail.date, now);
  const mine = await theirs(tx, rep.id, leadIds);
  const touched = await touchEach(tx, mine, rep, at, now);
  const properties = { rep: rep.key, subject: mail.subject, text: storable(saidIn(mail.text), EXCERPT), message: mail.messageId };
  const { woken, candidates } = await storeEvents(
    tx,
    leads.map(({ id }) => {
      const opportunity = mine.find(({ leads: on }) => on.includes(id))?.id;
      return {
        leadId: id,
        name: 'email_sent_by_rep',
        source: 'mail',
        at,
        properties: { ...properties, ...(opportunity && { opportunity }) },
      };
    }),
  );
  const slots = leads.map(({ slot }) => slot);
  const loops = [...touched.loops, ...(await wokenLoops(tx, [...woken, ...candidates], slots))];
  return { leadId: leadIds[0]!, leads: leads.length, touched: touched.count, reason: null, strange: false, loops };
}

/** When it was sent, as it says; when it came, where that cannot be. */
function sentAt(said: Date | null, now: Date): Date {
  if (!said || said > now || now.getTime() - said.getTime() > BELIEVED_MS) return now;
  return said;
}

interface Theirs {
  id: string;
  /** Null while it is only offered to them. */
  acceptedAt: Date | null;
  leads: string[];
}

async function theirs(tx: Queryable, repId: string, leadIds: readonly string[]): Promise<Theirs[]> {
  const { rows } = await tx.query<Theirs>(
    `select o.id, case when o.state <> 'offered' then o.accepted_at end as "acceptedAt", array_agg(ol.lead_id) as leads from opportunity_lead ol join opportunity o on o.id = ol.opportunity_id
      where ol.lead_id = any($1::uuid[]) and o.owner_rep_id = $2 and o.state in ('offered', 'accepted', 'touched')
      group by o.id order by o.id`,
    [leadIds, repId],
  );
  return rows;
}

/**
 * One mail goes to few people, so one at a time. Who writes to a lead that is offered to them has taken it; a mail from before the acceptance counts
 * from the acceptance on.
 */
async function touchEach(tx: Queryable, mine: readonly Theirs[], rep: Rep, at: Date, now: Date): Promise<{ count: number; loops: Loop[] }> {
  const loops: Loop[] = [];
  let count = 0;
  for (const { id, acceptedAt } of mine) {
    const talkedAt = acceptedAt && at < acceptedAt ? acceptedAt : at;
    if (!acceptedAt) loops.push(...(await accept(tx, id, { rep })));
    const seen = await touchSeen(tx, id, rep, { how: 'bcc', at: acceptedAt && talkedAt < now ? talkedAt : null });
    if (seen) count++;
    loops.push(...(seen ?? []));
  }
  return { count, loops };
}

async function leadsWith(tx: Queryable, addresses: readonly string[]): Promise<{ id: string; slot: number }[]> {
  const { rows } = await tx.query<{ id: string; slot: number }>(
    `select l.id, l.slot from lead l
      where l.id in (${knownBy('$1')})
      order by l.id limit 50`,
    [addresses],
  );
  return rows;
}
