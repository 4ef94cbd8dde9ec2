import { countable } from '../domain/tracking/countable.ts';
import type { Hit } from '../domain/tracking/hit.ts';
import { judgeHits, type Verdict } from '../domain/tracking/judge.ts';
import { groupBy } from '../domain/group-by.ts';
import type { Loop } from '../domain/loops.ts';
import { storeEvents } from './events.ts';
import type { Queryable } from './pool.ts';
import { lockLeads } from './wakes.ts';
import { wokenLoops } from './woken-loops.ts';

/** How many mails one look of the sweeper judges: what a transaction does in some seconds at most. */
const MAILS = 5_000;

/** Judges every hit whose minute is over, the oldest first. Answers the loops to poke after the commit. */
export async function judgeDue(tx: Queryable): Promise<Loop[]> {
  const { rows } = await tx.query<{ sendId: string }>(
    `select send_id as "sendId" from hit where judge_at_real <= now() group by send_id order by min(judge_at_real) limit $1`,
    [MAILS],
  );
  return judgeMails(
    tx,
    rows.map(({ sendId }) => sendId),
  );
}

interface KnownHit extends Hit {
  sendId: string;
  leadId: string;
  slot: number;
  at: Date;
  url: string | null;
  due: boolean;
  counted: boolean;
  campaign: string | null;
  enrolmentId: string | null;
  stepId: string | null;
}

/**
 * Judges the hits of these mails that are due, in the light of all there have been. What a person did becomes an event, `email_clicked` or
 * `email_opened`, at the time it was done; what a machine did only gets its reason. Verdict and event are one transaction's.
 */
export async function judgeMails(tx: Queryable, sendIds: readonly string[]): Promise<Loop[]> {
  if (sendIds.length === 0) return [];
  const { rows: leads } = await tx.query<{ id: string }>(
    'select distinct lead_id as id from hit where send_id = any($1::uuid[]) and judge_at_real <= now() order by lead_id',
    [sendIds],
  );
  const locked = leads.map(({ id }) => id);
  await lockLeads(tx, locked);
  const hits = await readHits(tx, sendIds, locked);
  const judged = [...groupBy(hits, ({ sendId }) => sendId).values()].flatMap((ofMail) => {
    const verdicts = judgeHits(ofMail);
    const due = ofMail.filter((hit) => hit.due);
    const before = ofMail.filter((hit) => hit.counted);
    const human = due.filter(({ id }) => verdicts.get(id)!.by === 'human');
    const counted = new Set(countable(before, human).map(({ id }) => id));
    return due.map((hit) => ({ ...hit, verdict: verdicts.get(hit.id)!, counted: counted.has(hit.id) }));
  });
  await writeVerdicts(tx, judged);
  const events = judged.filter(({ counted }) => counted);
  const stored = await storeEvents(tx, events.map(eventOf));
  return wokenLoops(
    tx,
    [...stored.woken, ...stored.candidates],
    events.map(({ slot }) => slot),
  );
}

/** Every hit of these mails, oldest first, in one statement; due are only those of leads that we hold. */
async function readHits(tx: Queryable, sendIds: readonly string[], locked: readonly string[]): Promise<KnownHit[]> {
  const { rows } = await tx.query<KnownHit>(
    `select h.id, h.send_id as "sendId", h.lead_id as "leadId", l.slot, h.kind, h.link, h.url, h.position, h.user_agent as "userAgent", h.signs, h.at, h.counted,
            extract(epoch from h.at_real)::float8 * 1000 as "atMs", coalesce(h.judge_at_real <= now(), false) and h.lead_id = any($2::uuid[]) as due,
            case when w.clock_rate > 0 and s.state = 'accepted' then extract(epoch from h.at - s.settled_at)::float8 * 1000 end as "sinceAcceptedMs",
            c.key as campaign, s.enrolment_id as "enrolmentId", s.step_id as "stepId"
       from hit h join send s on s.id = h.send_id join lead l on l.id = h.lead_id left join campaign c on c.id = s.campaign_id cross join workspace w
      where h.send_id = any($1::uuid[]) order by h.at, h.id`,
    [sendIds, locked],
  );
  return rows;
}

async function writeVerdicts(tx: Queryable, judged: readonly { id: string; verdict: Verdict; counted: boolean }[]): Promise<void> {
  await tx.query(
    `update hit h set verdict = j.verdict, reason = j.reason, counted = j.counted, judge_at_real = null
       from unnest($1::uuid[], $2::text[], $3::text[], $4::boolean[]) as j (id, verdict, reason, counted) where h.id = j.id`,
    [
      judged.map(({ id }) => id),
      judged.map(({ verdict }) => verdict.by),
      judged.map(({ verdict }) => (verdict.by === 'machine' ? verdict.reason : null)),
      judged.map(({ counted }) => counted),
    ],
  );
}

const eventOf = ({ leadId, kind, at, sendId, campaign, enrolmentId, stepId, link, url }: KnownHit) => ({
  leadId,
  name: kind === 'click' ? 'email_clicked' : 'email_opened',
  source: 'mail',
  at,
  properties: { send: sendId, campaign, enrolment: enrolmentId, step: stepId, ...(kind === 'click' && { link, url }) },
});
