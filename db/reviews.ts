import { groupBy } from '../domain/group-by.ts';
import { deliveryOf, type Loop } from '../domain/loops.ts';
import { reviewNow } from '../domain/sla/review.ts';
import type { ReviewAction } from '../domain/sla/rungs.ts';
import { plain } from '../domain/sla/alert-text.ts';
import { type NewMessage, queueMessages } from './chat.ts';
import { readClock } from './clock.ts';
import { managersOf } from './managers.ts';
import type { Queryable } from './pool.ts';
import { type NewSend, queueSends } from './sends.ts';
import { loadSla, type Sla } from './sla.ts';

interface Waiting {
  id: string;
  form: string;
  reason: string | null;
  receivedAt: Date;
  since: Date;
  rung: number;
  /** Null: not seen before. */
  lookAt: Date | null;
  test: boolean;
}

/** A submission and the rung that it has come to. */
interface Due extends Waiting {
  action: ReviewAction;
  dueAt: Date;
}

/** How many submissions one look takes, and how many one mail lists. */
const BATCH = 500;
const LISTED = 20;

/**
 * Looks after submissions under review, as the SLA document says: each rung once, told in one mail and one message however many they are. What no
 * rung is left for is reminded of again. Answers the loops to poke after the commit.
 */
export async function climbReviews(tx: Queryable): Promise<Loop[]> {
  const waiting = await lockWaiting(tx);
  if (waiting.length === 0) return [];
  const sla = await loadSla(tx);
  const { now } = await readClock(tx);
  const looked = waiting.map((one) => {
    const found = reviewNow(sla.document.review, { ...one, done: one.rung }, now, sla.office);
    return { one, rung: one.rung + found.due.length, ...found };
  });
  const due = looked.flatMap((look) =>
    look.due.map(({ action, due: dueAt }, i): Due => ({ ...look.one, rung: look.one.rung + i, action, dueAt })),
  );
  await tx.query(
    `update submission s set review_rung = c.rung, review_look_at = c.look_at from unnest($1::uuid[], $2::smallint[], $3::timestamptz[]) as c (id, rung, look_at)
      where s.id = c.id`,
    [looked.map(({ one }) => one.id), looked.map(({ rung }) => rung), looked.map(({ lookAt }) => lookAt)],
  );
  await recordBreaches(
    tx,
    due.filter(({ action }) => action === 'breach'),
  );
  return tell(tx, sla, due);
}

async function lockWaiting(tx: Queryable): Promise<Waiting[]> {
  const { rows } = await tx.query<Waiting>(
    `select id, form_key as form, reason, received_at as "receivedAt", coalesce(review_since, received_at) as since, review_rung as rung,
            review_look_at as "lookAt", test
       from submission where state = 'review' and (review_look_at is null or review_look_at <= clock())
      order by review_look_at nulls first, id limit $1 for no key update skip locked`,
    [BATCH],
  );
  return rows;
}

async function recordBreaches(tx: Queryable, due: readonly Due[]): Promise<void> {
  if (due.length === 0) return;
  await tx.query(
    `insert into breach (submission_id, state, since, due_at, test)
     select id, 'review', since, due_at, test from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::boolean[]) as b (id, since, due_at, test)
     order by id on conflict (submission_id) where submission_id is not null do nothing`,
    [due.map((one) => one.id), due.map((one) => one.since), due.map((one) => one.dueAt), due.map((one) => one.test)],
  );
}

async function tell(tx: Queryable, sla: Sla, due: readonly Due[]): Promise<Loop[]> {
  if (due.length === 0) return [];
  const { slack, managers } = sla.document.review.alerts ?? sla.document.alerts;
  const told = await managersOf(tx, managers);
  const mails: NewSend[] = [];
  const messages: NewMessage[] = [];
  for (const [action, all] of groupBy(due, (one) => one.action)) {
    // Whoever waits for two rungs of a kind is told of once.
    const ones = [...new Map(all.map((one) => [one.id, one])).values()];
    const key = `review-${action}/${ones[0]!.id}/${ones[0]!.rung}`;
    const submissions = ones.slice(0, LISTED).map(({ id, form, reason, receivedAt }) => ({ id, form, reason, receivedAt }));
    const params = { count: ones.length, submissions, timezone: sla.office.zone, breached: action === 'breach' };
    if (action !== 'alert')
      for (const { id } of told)
        mails.push({ sendKey: `${key}/${id}`, class: 'internal', repId: id, template: 'internal-review-overdue', params });
    if (action !== 'nudge' && slack)
      messages.push({ key: `${key}/chat`, channel: slack, text: textOf(action, ones), leadId: null, test: ones.every((one) => one.test) });
  }
  const lanes = await queueSends(tx, mails);
  return [...deliveryOf(lanes), ...(await queueMessages(tx, messages))];
}

function textOf(action: ReviewAction, ones: readonly Due[]): string {
  const forms = [...new Set(ones.map(({ form }) => plain(form)))].join(', ');
  const head = action === 'breach' ? 'Too late' : 'Waiting';
  const test = ones.every((one) => one.test) ? '[test] ' : '';
  return `${test}${head}: ${ones.length} ${ones.length === 1 ? 'submission waits' : 'submissions wait'} for somebody to look at them (${forms}).`;
}
