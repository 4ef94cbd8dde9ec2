import { type Card, cardsOf } from '../../db/cards.ts';
import { type JournalRow, writeJournal } from '../../db/journal.ts';
import type { Queryable } from '../../db/pool.ts';
import { lockPool, rotationOf, saveRotation } from '../../db/pools.ts';
import { offer, passedOn } from '../../db/queue.ts';
import { managers, presentReps, type Rep, repsById } from '../../db/reps.ts';
import { type NewSend, queueSends } from '../../db/sends.ts';
import { loadSla, type Sla } from '../../db/sla.ts';
import { climb, lockStanding, readStanding, type Standing } from '../../db/standing.ts';
import { plus } from '../../domain/calendar/duration.ts';
import { assign } from '../../domain/routing/rotation.ts';
import type { Action, Policy } from '../../domain/sla/document.ts';
import { actionAt, nextLook, type Watched } from '../../domain/sla/ladder.ts';
import { offerMail } from './assign.ts';
import { answerLinks, type MailSettings, opportunityMail } from './mails.ts';

interface Rung {
  tx: Queryable;
  settings: MailSettings;
  sla: Sla;
  policy: Policy;
  standing: Standing & { state: Watched; ownerRepId: string };
  action: Action;
  owner: Rep;
  card: Card;
}

/**
 * Does the rung that is due, once: its mails, its journal and the next look are one transaction, guarded by state, epoch and rung under
 * the row's lock. Answers the lanes to poke. A rung that cannot be done (no other rep is there) is journalled and passed.
 */
export async function climbLadder(tx: Queryable, settings: MailSettings, opportunityId: string): Promise<string[]> {
  const seen = await readStanding(tx, opportunityId);
  if (!seen || !isWatched(seen)) return [];
  const sla = await loadSla(tx);
  const policy = sla.policy(seen.poolKey);
  const action = actionAt(policy, seen.state, seen.rung);
  // A reassignment counts in the rotation: the pool's lock comes before the opportunity's, as in a pass over the queue.
  if (action === 'reassign') await lockPool(tx, seen.poolId, { wait: true });
  const standing = await lockStanding(tx, opportunityId);
  if (!standing || !isWatched(standing) || !standing.due || standing.epoch !== seen.epoch || standing.rung !== seen.rung) return [];

  const owner = (await repsById(tx, [standing.ownerRepId])).get(standing.ownerRepId)!;
  const card = (await cardsOf(tx, [opportunityId])).get(opportunityId)!;
  return queueSends(tx, await doRung({ tx, settings, sla, policy, standing, action, owner, card }));
}

function isWatched(standing: Standing): standing is Rung['standing'] {
  return ['offered', 'accepted', 'touched'].includes(standing.state) && standing.ownerRepId !== null;
}

function doRung(rung: Rung): Promise<NewSend[]> {
  switch (rung.action) {
    case 'nudge':
      return nudge(rung);
    case 'backup':
      return backup(rung);
    case 'reassign':
      return reassign(rung);
    case 'manager':
      return escalate(rung, 'manager-escalation');
    case 'breach':
      return escalate(rung, 'sla-breach');
  }
}

async function nudge(rung: Rung): Promise<NewSend[]> {
  const { settings, sla, standing, owner, card } = rung;
  await up(rung, 'nudged', { rep: owner.id, name: owner.name });
  const links =
    standing.state === 'offered'
      ? answerLinks(settings, standing.id, standing.epoch, owner.id, plus(standing.now, sla.document.links))
      : { acceptUrl: null, rejectUrl: null };
  const what = `${standing.state}-nudge-${standing.rung}`;
  const params = { ...links, state: standing.state, since: since(standing) };
  return [opportunityMail('rep-nudge', { card, epoch: standing.epoch, what, to: owner, test: standing.test, params })];
}

/** Asks a second rep too; the first may still accept. It does not count in the rotation: they get the lead only if they take it. */
async function backup(rung: Rung): Promise<NewSend[]> {
  const { settings, sla, standing, owner, card } = rung;
  const second = await anotherRep(rung);
  if (!second) return pass(rung);
  await up(rung, 'backup_asked', { rep: second.id, name: second.name }, { askedRepId: second.id });
  return [offerMail(settings, sla, { card, epoch: standing.epoch, test: standing.test, now: standing.now }, second, 'backup', owner.name)];
}

/** Takes the lead from the rep and offers it to the next. */
async function reassign(rung: Rung): Promise<NewSend[]> {
  const { tx, settings, sla, policy, standing, owner, card } = rung;
  const taken = [...((await passedOn(tx, [standing.id])).get(standing.id)?.values() ?? [])].filter((by) => by === 'ladder').length;
  const next = taken < policy.reassigns ? await anotherRep(rung, { count: true }) : null;
  if (!next) return pass(rung);
  const because = { rep: owner.id, name: owner.name, by: 'ladder', rung: standing.rung, epoch: standing.epoch };
  await writeJournal(tx, [{ kind: 'passed_on', leadId: standing.leadId, opportunityId: standing.id, because }]);
  const nextLookAt = nextLook(policy, { ...here(standing), due: standing.now }, sla.work(next));
  await offer(tx, [{ id: standing.id, repId: next.id, by: 'rotation', rung: standing.rung + 1, nextLookAt }]);
  return [
    offerMail(settings, sla, { card, epoch: standing.epoch + 1, test: standing.test, now: standing.now }, next, 'reassigned', owner.name),
  ];
}

/** Tells the managers; a breach is also recorded on the opportunity. */
async function escalate(rung: Rung, template: 'manager-escalation' | 'sla-breach'): Promise<NewSend[]> {
  const { tx, policy, standing, owner, card } = rung;
  const breached = template === 'sla-breach';
  const told = await managers(tx);
  const because = { rep: owner.id, name: owner.name, managers: told.map((manager) => manager.id) };
  await up(rung, breached ? 'sla_breached' : 'escalated', because, { breached });
  const again = standing.rung >= policy[standing.state].length;
  const params = { state: standing.state, since: since(standing), owner: owner.name, ...(!breached && { again }) };
  return told.map((manager) => {
    const what = `${standing.state}-${template}-${standing.rung}-${manager.id}`;
    return opportunityMail(template, { card, epoch: standing.epoch, what, to: manager, test: standing.test, params });
  });
}

/** The rung cannot be done: nobody else is there, or it was done often enough. The ladder goes on. */
async function pass(rung: Rung): Promise<NewSend[]> {
  await up(rung, 'rung_passed', { action: rung.action, reason: 'nobody else to ask' });
  return [];
}

/** The next of the pool who is there and has not had this lead; null when there is none. */
async function anotherRep({ tx, standing }: Rung, { count = false } = {}): Promise<Rep | null> {
  const reps = await presentReps(tx);
  const had = (await passedOn(tx, [standing.id])).get(standing.id);
  const rotation = await rotationOf(tx, standing.poolId);
  const { to, rotation: after } = assign(rotation, 1, (id) => id !== standing.ownerRepId && !had?.has(id));
  if (to[0] && count) await saveRotation(tx, standing.poolId, after);
  return to[0] ? reps.get(to[0])! : null;
}

async function up(
  { tx, sla, policy, standing, owner }: Rung,
  kind: JournalRow['kind'],
  because: object,
  also: { askedRepId?: string; breached?: boolean } = {},
): Promise<void> {
  // A reminder counts from the one before it, as it was sent: after a long standstill there is one, not one for every day missed.
  const last = standing.rung >= policy[standing.state].length - 1;
  const nextLookAt = nextLook(policy, last ? { ...here(standing), due: standing.now } : here(standing), sla.work(owner));
  await climb(tx, standing, { nextLookAt, ...also });
  const told = { state: standing.state, rung: standing.rung, epoch: standing.epoch, dueAt: standing.nextLookAt, ...because };
  await writeJournal(tx, [{ kind, leadId: standing.leadId, opportunityId: standing.id, because: told }]);
}

function here(standing: Rung['standing']) {
  return { state: standing.state, rung: standing.rung, since: new Date(since(standing)), due: standing.nextLookAt ?? standing.now };
}

/** Since when the state's clock runs. */
function since({ state, offeredAt, acceptedAt, touchedAt, now }: Rung['standing']): string {
  return ({ offered: offeredAt, accepted: acceptedAt, touched: touchedAt }[state] ?? now).toISOString();
}
