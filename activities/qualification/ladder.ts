import { recordBreach } from '../../db/breaches.ts';
import { type Card, cardsOf } from '../../db/cards.ts';
import { type NewMessage, queueMessages } from '../../db/chat.ts';
import { type JournalRow, writeJournal } from '../../db/journal.ts';
import type { Queryable } from '../../db/pool.ts';
import { managersOf } from '../../db/managers.ts';
import { opportunityMail } from '../../db/opportunity-mail.ts';
import { lockPool, rotationOf, saveRotation } from '../../db/pools.ts';
import { offer, passedOn, whoKnows } from '../../db/queue.ts';
import { presentReps, type Rep, repsById } from '../../db/reps.ts';
import { type NewSend, queueSends } from '../../db/sends.ts';
import { loadSla, type Sla } from '../../db/sla.ts';
import { endSnooze } from '../../db/snooze.ts';
import { carryOn, climb, lockStanding, readStanding, type Standing } from '../../db/standing.ts';
import { plus } from '../../domain/calendar/duration.ts';
import { deliveryOf, type Loop } from '../../domain/loops.ts';
import { assign } from '../../domain/routing/rotation.ts';
import { alertText } from '../../domain/sla/alert-text.ts';
import type { Policy } from '../../domain/sla/document.ts';
import {
  isLastRung,
  ladderNow,
  nextOf,
  nextRung,
  nextWall,
  type OnLadder,
  rungAgain,
  rungDue,
  type Watched,
} from '../../domain/sla/ladder.ts';
import type { Action, Clock } from '../../domain/sla/rungs.ts';
import { offerMail } from './assign.ts';
import { answerLinks, caseLink, type MailSettings } from './mails.ts';

type Followed = Standing & { state: Watched; ownerRepId: string };

interface Rung {
  tx: Queryable;
  settings: MailSettings;
  sla: Sla;
  policy: Policy;
  standing: Followed;
  on: OnLadder;
  action: Action;
  /** By which clock the rung fell due, and when. */
  clock: Clock;
  dueAt: Date;
  owner: Rep;
  card: Card;
}

/** What a rung tells whom. */
interface Said {
  mails: NewSend[];
  messages?: NewMessage[];
}

/**
 * Does the rung that is due, once: its mails, its journal and the next look are one transaction, guarded by state, epoch and rung under
 * the row's lock. Answers the loops to poke. A rung that cannot be done (no other rep is there) is journalled and passed. A snooze that is over
 * begins the ladder anew.
 */
export async function climbLadder(tx: Queryable, settings: MailSettings, opportunityId: string): Promise<Loop[]> {
  const seen = await readStanding(tx, opportunityId);
  if (!seen || !isWatched(seen)) return [];
  const sla = await loadSla(tx);
  const next = await nextOn(tx, sla, seen);
  // A reassignment counts in the rotation: the pool's lock comes before the opportunity's, as in a pass over the queue.
  if (next.action === 'reassign') await lockPool(tx, seen.poolId, { wait: true });
  const standing = await lockStanding(tx, opportunityId);
  if (!standing || !isWatched(standing) || !standing.due || !isSame(standing, seen)) return [];
  if (standing.snoozed) return comeBack(tx, settings, sla, standing, next.owner);
  if (next.due > standing.now) return notYet(tx, standing, next);

  const card = (await cardsOf(tx, [opportunityId])).get(opportunityId)!;
  const { mails, messages = [] } = await doRung({ tx, settings, sla, standing, ...next, dueAt: next.due, card });
  return [...deliveryOf(await queueSends(tx, mails)), ...(await queueMessages(tx, messages))];
}

function isWatched(standing: Standing): standing is Followed {
  return ['offered', 'accepted', 'touched'].includes(standing.state) && standing.ownerRepId !== null;
}

const isSame = (a: Standing, b: Standing): boolean => a.epoch === b.epoch && a.rung === b.rung && a.wallRung === b.wallRung;

async function nextOn(tx: Queryable, sla: Sla, standing: Followed) {
  const owner = (await repsById(tx, [standing.ownerRepId])).get(standing.ownerRepId)!;
  const policy = sla.policy(standing.poolKey, standing.grades);
  const on = ladderNow(policy, standing, sla.work(owner));
  return { owner, policy, on, ...rungDue(policy, on, sla.work(owner)) };
}

/** The look came too soon: the promise has changed meanwhile, or a rep with other hours has it. */
async function notYet(tx: Queryable, standing: Followed, { on, due }: { on: OnLadder; due: Date }): Promise<Loop[]> {
  const business = on.due > due ? on.due : null;
  await climb(tx, standing, { rung: standing.rung, wallRung: standing.wallRung, nextLookAt: due, rungDueAt: business });
  return [];
}

/** What was put off is there again: its rep hears of it, and the ladder begins anew. */
async function comeBack(tx: Queryable, settings: MailSettings, sla: Sla, standing: Followed, owner: Rep): Promise<Loop[]> {
  const since = standing.nextLookAt!;
  await endSnooze(tx, sla, standing as Followed & { state: 'accepted' | 'touched' });
  const card = (await cardsOf(tx, [standing.id])).get(standing.id)!;
  const params = { ...nudgeLinks(settings, sla, standing, owner), state: standing.state, since: since.toISOString(), back: true };
  const mail = opportunityMail('rep-nudge', { card, epoch: standing.epoch, what: 'back', to: owner, test: standing.test, params });
  return deliveryOf(await queueSends(tx, [mail]));
}

function doRung(rung: Rung): Promise<Said> {
  switch (rung.action) {
    case 'nudge':
      return nudge(rung);
    case 'backup':
      return backup(rung);
    case 'reassign':
      return reassign(rung);
    case 'manager':
      return escalate(rung, 'manager');
    case 'alert':
      return alert(rung);
    case 'breach':
      return escalate(rung, 'breach');
  }
}

async function nudge(rung: Rung): Promise<Said> {
  const { settings, sla, standing, owner, card } = rung;
  await up(rung, 'nudged', { rep: owner.id, name: owner.name });
  const what = `${standing.state}-nudge-${numbered(rung)}`;
  const params = { ...nudgeLinks(settings, sla, standing, owner), state: standing.state, since: since(rung).toISOString(), back: false };
  return { mails: [opportunityMail('rep-nudge', { card, epoch: standing.epoch, what, to: owner, test: standing.test, params })] };
}

/** While it is offered, the rep may answer the offer; afterwards, say how it stands. */
function nudgeLinks(settings: MailSettings, sla: Sla, { state, id, epoch, now }: Followed, owner: Rep) {
  const expires = plus(now, sla.document.links);
  if (state === 'offered') return { ...answerLinks(settings, id, epoch, owner.id, expires), caseUrl: null };
  return { acceptUrl: null, rejectUrl: null, caseUrl: caseLink(settings, id, owner.id, expires) };
}

/** Asks a second rep too; the first may still accept. It does not count in the rotation: they get the lead only if they take it. */
async function backup(rung: Rung): Promise<Said> {
  const { settings, sla, standing, owner, card } = rung;
  const second = await anotherRep(rung);
  if (!second) return pass(rung);
  await up(rung, 'backup_asked', { rep: second.id, name: second.name }, { askedRepId: second.id });
  const about = { card, epoch: standing.epoch, test: standing.test, now: standing.now };
  return { mails: [offerMail(settings, sla, about, second, 'backup', owner.name)] };
}

/** Takes the lead from the rep and offers it to the next, whose time until the next rung begins now; the customer's clock goes on. */
async function reassign(rung: Rung): Promise<Said> {
  const { tx, settings, sla, policy, standing, on, clock, owner, card } = rung;
  const taken = [...((await passedOn(tx, [standing.id])).get(standing.id)?.values() ?? [])].filter((by) => by === 'ladder').length;
  const next = taken < policy.reassigns ? await anotherRep(rung, { count: true }) : null;
  if (!next) return pass(rung);
  const because = { rep: owner.id, name: owner.name, by: 'ladder', rung: standing.rung, epoch: standing.epoch };
  await writeJournal(tx, [{ kind: 'passed_on', leadId: standing.leadId, opportunityId: standing.id, because }]);
  const to = { ...on, rung: on.rung + Number(clock === 'business'), wallRung: on.wallRung + Number(clock === 'wall') };
  const { nextLookAt, rungDueAt } = nextOf(rungAgain(policy, to, standing.now, sla.work(next)), nextWall(policy, to, sla.work(next)));
  await offer(tx, [{ id: standing.id, repId: next.id, by: 'rotation', rung: to.rung, nextLookAt }]);
  await carryOn(tx, standing.id, { wallRung: to.wallRung, ladderSince: on.wallSince, rungDueAt });
  const about = { card, epoch: standing.epoch + 1, test: standing.test, now: standing.now };
  return { mails: [offerMail(settings, sla, about, next, 'reassigned', owner.name)] };
}

/** Tells the managers and the chat channel; a breach is also recorded. */
async function escalate(rung: Rung, what: 'manager' | 'breach'): Promise<Said> {
  const { tx, policy, standing, owner, card } = rung;
  const breached = what === 'breach';
  const told = await managersOf(tx, policy.alerts.managers);
  const because = { rep: owner.id, name: owner.name, managers: told.map((manager) => manager.id) };
  if (breached) await record(rung);
  await up(rung, breached ? 'sla_breached' : 'escalated', because, { breached });
  const again = isAgain(rung);
  const template = breached ? 'sla-breach' : 'manager-escalation';
  const params = { state: standing.state, since: since(rung).toISOString(), owner: owner.name, ...(!breached && { again }) };
  return {
    mails: told.map((manager) => {
      const key = `${standing.state}-${template}-${numbered(rung)}-${manager.id}`;
      return opportunityMail(template, { card, epoch: standing.epoch, what: key, to: manager, test: standing.test, params });
    }),
    messages: messageOf(rung, what),
  };
}

/** Tells the chat channel alone. */
async function alert(rung: Rung): Promise<Said> {
  const { owner, policy } = rung;
  await up(rung, 'alerted', { rep: owner.id, name: owner.name, channel: policy.alerts.slack });
  return { mails: [], messages: messageOf(rung, 'alert') };
}

function messageOf(rung: Rung, what: 'manager' | 'alert' | 'breach'): NewMessage[] {
  const { policy, standing, owner, card } = rung;
  const channel = policy.alerts.slack;
  if (!channel) return [];
  const { name, company } = card;
  const { state, poolKey: pool, now, test } = standing;
  const text = alertText({ what, again: isAgain(rung), state, name, company, owner: owner.name, pool, since: since(rung), now, test });
  const key = `${standing.id}/${standing.epoch}/chat-${state}-${numbered(rung)}`;
  return [{ key, channel, text, leadId: standing.leadId, test }];
}

/** The rung cannot be done: nobody else is there, or it was done often enough. The ladder goes on. */
async function pass(rung: Rung): Promise<Said> {
  await up(rung, 'rung_passed', { action: rung.action, reason: 'nobody else to ask' });
  return { mails: [] };
}

/** The next of the pool who is there and has not had this lead; null when there is none. */
async function anotherRep({ tx, standing }: Rung, { count = false } = {}): Promise<Rep | null> {
  const reps = await presentReps(tx);
  const had = (await passedOn(tx, [standing.id])).get(standing.id);
  const know = await whoKnows(tx, standing.id);
  const rotation = await rotationOf(tx, standing.poolId);
  const may = (id: string): boolean => id !== standing.ownerRepId && !had?.has(id) && (know?.has(id) ?? true);
  const { to, rotation: after } = assign(rotation, 1, may);
  if (to[0] && count) await saveRotation(tx, standing.poolId, after);
  return to[0] ? reps.get(to[0])! : null;
}

async function record(rung: Rung): Promise<void> {
  const { tx, standing, owner, dueAt } = rung;
  const { id: opportunityId, state, epoch, poolId, grades, test } = standing;
  const grade = grades[0] ?? null;
  await recordBreach(tx, { opportunityId, state, epoch, repId: owner.id, poolId, grade, since: since(rung), dueAt, test });
}

async function up(
  { tx, sla, policy, standing, on, clock, dueAt, owner }: Rung,
  kind: JournalRow['kind'],
  because: object,
  also: { askedRepId?: string; breached?: boolean } = {},
): Promise<void> {
  const work = sla.work(owner);
  const wall = clock === 'wall';
  // A reminder counts from the one before it, as it was sent: after a long standstill there is one, not one for every day missed.
  const here = isLastRung(policy, on.state, on.rung) ? { ...on, due: standing.now } : on;
  const due = wall ? on.due : nextRung(policy, here, work);
  const to = { rung: on.rung + Number(!wall), wallRung: on.wallRung + Number(wall) };
  await climb(tx, standing, { ...to, ...nextOf(due, nextWall(policy, { ...on, ...to }, work)), ...also });
  const grade = standing.grades[0] ?? null;
  const told = { state: on.state, rung: on.rung, ...(wall && { wallRung: on.wallRung }), ...(grade && { grade }) };
  const journalled = { ...told, epoch: standing.epoch, dueAt, ...because };
  await writeJournal(tx, [{ kind, leadId: standing.leadId, opportunityId: standing.id, because: journalled }]);
}

/** Names a rung in the keys of its mails. */
const numbered = ({ clock, on }: Rung): string => (clock === 'wall' ? `w${on.wallRung}` : String(on.rung));

/** Above the last rung: it was told before. */
const isAgain = ({ policy, on, clock }: Rung): boolean => clock === 'business' && isLastRung(policy, on.state, on.rung - 1);

/** Since when they wait, by the clock that the rung counts by. */
const since = ({ on, clock }: Rung): Date => (clock === 'wall' ? on.wallSince : on.since);
