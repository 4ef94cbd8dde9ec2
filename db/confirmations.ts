import { type Asked, type Confirms, mayAsk, remindAt, worksUntil } from '../domain/consent/confirmation.ts';
import type { ConsentState } from '../domain/consent/standing.ts';
import { ownExpiry } from '../domain/consent/due.ts';
import { type Topic, topicOf } from '../domain/consent/topics.ts';
import { deliveryOf, type Loop } from '../domain/loops.ts';
import { type ConsentGround, consentGround, insertConsents, type NewConsent, STATE_NOW } from './consents.ts';
import { storeEvents } from './events.ts';
import type { Queryable } from './pool.ts';
import { type NewSend, queueSends } from './sends.ts';
import { hearFromAgain } from './suppressions.ts';
import { lockLeads, type Woken } from './wakes.ts';

/** Somebody who wants mail about a topic, as far as a form (or whoever) says. */
export interface WantsTopic extends Pick<NewConsent, 'leadId' | 'topic' | 'proof'> {
  textVersion?: string | null;
}

/** Where somebody stands who asks for a topic, and what they were mailed about it. */
interface Standing extends Asked {
  leadId: string;
  topic: string;
  test: boolean;
  consentId: string | null;
  state: ConsentState | null;
  basis: string | null;
  expiresAt: Date | null;
}

/**
 * Asks people by mail to confirm. What they sent is kept as pending; where a consent holds already, as one more proof of that, which neither lifts nor
 * prolongs it: anybody may type any address. A mail goes where there is something to gain by confirming, and only as often as the topic allows. Never two
 * of one lead and topic. Under `lockLeads`. Answers whom to poke after the commit.
 */
export async function askToConfirm(tx: Queryable, source: string, wants: readonly WantsTopic[], ground: ConsentGround): Promise<Loop[]> {
  if (wants.length === 0) return [];
  const { document, now } = ground;
  const stands = new Map((await standingOf(tx, wants)).map((one) => [`${one.leadId} ${one.topic}`, one]));
  const rows = wants.map((one): NewConsent => {
    const { state, basis, expiresAt } = stands.get(`${one.leadId} ${one.topic}`)!;
    return state === 'granted' ? { ...one, source, state, basis, expiresAt } : { ...one, source, state: 'pending' };
  });
  const mailed = (await insertConsents(tx, rows, 'always', ground)).flatMap(({ id, topic: key, consentId }) => {
    const stood = stands.get(`${id} ${key}`)!;
    const topic = topicOf(document, key);
    return topic && !holdsForGood(stood) && mayAsk(topic, stood, now) ? [{ ...stood, consentId, known: topic }] : [];
  });
  const lanes = await queueSends(
    tx,
    mailed.map((one) => confirmationMail(one, one.known, now, 'asked')),
  );
  await remindLater(
    tx,
    mailed.flatMap((one) => {
      const at = one.mails === 0 ? remindAt(one.known, now) : null;
      return at ? [{ ...one, at }] : [];
    }),
  );
  return deliveryOf(lanes);
}

/** A word of their own that nothing ends but another. */
const holdsForGood = ({ state, basis, expiresAt }: Pick<Standing, 'state' | 'basis' | 'expiresAt'>): boolean =>
  state === 'granted' && expiresAt === null && (basis === null || basis === 'express' || basis === 'confirmed');

/** The mails by which people confirm are known by their keys. */
const KEY = 'confirm/';

async function standingOf(tx: Queryable, of: readonly { leadId: string; topic: string }[]): Promise<Standing[]> {
  const { rows } = await tx.query<Standing>(
    `select g.lead_id as "leadId", g.topic, l.test, c.id as "consentId", c.basis, c.expires_at as "expiresAt",
            ${STATE_NOW} as state, m.mails::int, m.last
       from unnest($1::uuid[], $2::text[]) as g (lead_id, topic)
       join lead l on l.id = g.lead_id
       left join lateral (select id, state, basis, expires_at from consent where lead_id = g.lead_id and topic = g.topic order by id desc limit 1) c on true
       cross join lateral (
         select count(*) as mails, max(s.queued_at) as last from send s
          where s.lead_id = g.lead_id and s.queued_at > clock() - interval '30 days' and s.topic = g.topic and starts_with(s.send_key, '${KEY}')) m
      order by g.lead_id`,
    [of.map((one) => one.leadId), of.map((one) => one.topic)],
  );
  return rows;
}

function confirmationMail(
  { consentId, leadId, test }: { consentId: string; leadId: string; test: boolean },
  topic: Topic,
  now: Date,
  what: 'asked' | 'reminder',
): NewSend {
  const until = worksUntil(topic, now);
  const confirms: Confirms = { consent: consentId, until: until.toISOString() };
  return {
    sendKey: `${KEY}${consentId}/${what}`,
    class: 'transactional',
    leadId,
    topic: topic.key,
    template: topic.confirm.template,
    params: { confirms, topic: topic.name, description: topic.description ?? '', reminder: what === 'reminder' },
    notAfter: until,
    test,
  };
}

async function remindLater(tx: Queryable, those: readonly { leadId: string; topic: string; consentId: string; at: Date }[]): Promise<void> {
  if (those.length === 0) return;
  await tx.query(
    `insert into consent_due (lead_id, topic, consent_id, what, due_at)
     select lead_id, topic, consent_id, 'remind', at from unnest($1::uuid[], $2::text[], $3::uuid[], $4::timestamptz[]) as r (lead_id, topic, consent_id, at)
         on conflict (lead_id, topic) do update set consent_id = excluded.consent_id, what = 'remind', due_at = excluded.due_at`,
    [those.map((one) => one.leadId), those.map((one) => one.topic), those.map((one) => one.consentId), those.map((one) => one.at)],
  );
}

/** Reminds those who have not confirmed yet, nor said no. Under `lockLeads`. Answers the lanes to poke. */
export async function remindToConfirm(
  tx: Queryable,
  of: readonly { leadId: string; topic: string }[],
  { document, now }: ConsentGround,
): Promise<string[]> {
  if (of.length === 0) return [];
  const mails = (await standingOf(tx, of)).flatMap(({ consentId, ...one }) => {
    const topic = topicOf(document, one.topic);
    if (!topic || consentId === null || one.state === 'withdrawn' || holdsForGood(one) || one.mails >= topic.confirm.most) return [];
    return [confirmationMail({ ...one, consentId }, topic, now, 'reminder')];
  });
  return queueSends(tx, mails);
}

/** What came of the confirmation page's button. */
export type Confirmed = { outcome: 'confirmed' | 'already' | 'withdrawn'; woken: Woken[]; slots: number[] };

/**
 * Confirms a pending consent: the proof says when, from where and by which browser; the event `subscription_confirmed` brings people into campaigns.
 * Who had left all marketing before comes back to this topic alone. Does nothing where a consent holds already, or was taken back after the mail was
 * sent. Null when the lead or what it was asked is gone.
 */
export async function confirmConsent(
  tx: Queryable,
  { leadId, topic, consentId, proof }: { leadId: string; topic: string; consentId: string; proof: Record<string, unknown> },
): Promise<Confirmed | null> {
  await lockLeads(tx, [leadId]);
  const { rows } = await tx.query<
    Pick<Standing, 'basis' | 'expiresAt'> & {
      slot: number;
      state: ConsentState;
      used: boolean;
      textVersion: string | null;
      askedAt: Date;
      asked: object;
    }
  >(
    `select l.slot, n.state, n.basis, n.expires_at as "expiresAt", coalesce(n.proof ->> 'consent' = $3::text, false) as used,
            a.text_version as "textVersion", a.at as "askedAt", a.proof as asked
       from lead l
       join consent a on a.id = $3::uuid and a.lead_id = l.id and a.topic = $2
       cross join lateral (
         select ${STATE_NOW} as state, c.basis, c.expires_at, c.proof
           from consent c where c.lead_id = l.id and c.topic = $2 order by c.id desc limit 1) n
      where l.id = $1`,
    [leadId, topic, consentId],
  );
  const [found] = rows;
  if (!found) return null;
  const { slot, state, textVersion, askedAt, asked } = found;
  const none = { woken: [], slots: [] };
  if (state === 'withdrawn') return { outcome: 'withdrawn', ...none };
  if (found.used || holdsForGood(found)) return { outcome: 'already', ...none };
  const ground = await consentGround(tx);
  const row = { leadId, topic, state: 'granted' as const, source: 'confirmation', basis: 'confirmed', textVersion };
  await insertConsents(
    tx,
    [
      {
        ...row,
        expiresAt: ownExpiry(topicOf(ground.document, topic), ground.now),
        proof: { ...proof, asked, askedAt, consent: consentId },
      },
    ],
    'always',
    ground,
  );
  await hearFromAgain(tx, leadId, [topic], 'confirmation');
  const { woken, candidates } = await storeEvents(tx, [
    { leadId, name: 'subscription_confirmed', source: 'mail', properties: { topic, text_version: textVersion } },
  ]);
  return { outcome: 'confirmed', woken: [...woken, ...candidates], slots: [slot] };
}
