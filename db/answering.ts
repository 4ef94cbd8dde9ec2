import { TendrilError } from '../domain/errors.ts';
import type { Move } from '../domain/lifecycle.ts';
import type { Loop } from '../domain/loops.ts';
import { type Started, startLadder, type Watched } from '../domain/sla/ladder.ts';
import { endBreaches } from './breaches.ts';
import { storeEvents } from './events.ts';
import { type JournalRow, writeJournal } from './journal.ts';
import { moveStage } from './lifecycle.ts';
import type { Queryable } from './pool.ts';
import { type Rep, repsById } from './reps.ts';
import { loadSla } from './sla.ts';
import { leadsOn, lockStanding, readStanding, type OpportunityState, type Standing } from './standing.ts';
import { lockLeads } from './wakes.ts';
import { wokenLoops } from './woken-loops.ts';

/**
 * What salespeople answer. Each is a transition guarded by state (and, from a link, by epoch) under the row's lock, so it happens once; each
 * works while Temporal is down. All take the leads' locks first, move their stage, store an event that campaigns can react to, and answer the
 * loops to poke after the commit. Throws `not_found`, or `conflict` saying why the answer comes too late.
 */

/** Who answers; `epoch` when it is by a link, which holds for that offer only. */
export interface Answerer {
  rep: Pick<Rep, 'id' | 'key' | 'name'>;
  epoch?: number;
}

export interface Telling {
  event: JournalRow['kind'] | null;
  move: Move | null;
  rep: Pick<Rep, 'id' | 'key' | 'name'> | null;
  /** What was awaited is still awaited: a broken promise stays open. */
  stillAwaited?: boolean;
}

/** Locks, lets `change` decide (null: nothing to do), and tells everybody whom it concerns. */
export async function answer(
  tx: Queryable,
  id: string,
  { event, move, rep, stillAwaited = false }: Telling,
  change: (standing: Standing) => Promise<object | null>,
): Promise<Loop[]> {
  const standing = await lockAnswered(tx, id);
  if (!standing) throw new TendrilError('not_found', 'There is no such opportunity');
  // One more may have joined while we waited for the row.
  const leads = await leadsOn(tx, id);
  const leadIds = leads.map((lead) => lead.id);
  await lockLeads(tx, leadIds);
  const because = await change(standing);
  if (because === null) return [];
  if (standing.breachedAt && !stillAwaited) await endBreaches(tx, id);
  const who = rep ? { rep: rep.id, name: rep.name } : {};
  const kind = event ?? 'opportunity_reassigned';
  await writeJournal(tx, [
    { kind, leadId: standing.leadId, opportunityId: id, because: { from: standing.state, epoch: standing.epoch, ...who, ...because } },
  ]);
  if (move) await moveStage(tx, leadIds, move, id);
  const properties = { opportunity: id, ...(rep && { rep: rep.key }), ...because };
  const { woken, candidates } = event
    ? await storeEvents(
        tx,
        leadIds.map((leadId) => ({ leadId, name: event, source: 'sales', properties })),
      )
    : { woken: [], candidates: [] };
  const slots = event ? leads.map((lead) => lead.slot) : [];
  return [{ kind: 'qualification', opportunityId: id }, ...(await wokenLoops(tx, [...woken, ...candidates], slots))];
}

/** How it stands from here on until the transaction ends: its leads' locks, then its own. Null where there is none. */
export async function lockAnswered(tx: Queryable, id: string): Promise<Standing | null> {
  await lockLeads(
    tx,
    (await leadsOn(tx, id)).map((lead) => lead.id),
  );
  return lockStanding(tx, id);
}

/** The ladder of a state that begins at an instant, by this rep's clock. */
export async function ladderOf(tx: Queryable, standing: Standing, state: Watched, repId: string, since: Date): Promise<Started> {
  const sla = await loadSla(tx);
  const rep = (await repsById(tx, [repId])).get(repId)!;
  return startLadder(sla.policy(standing.poolKey, standing.grades), state, since, sla.work(rep));
}

/**
 * Throws unless this rep is the one asked, or the second one asked; where it is by a link, by the offer that the link was made for:
 * `link_expired` when a newer offer stands, `conflict` when it was answered.
 */
export async function mustBeAskedOf(tx: Queryable, standing: Standing, rep: Pick<Rep, 'id'>, epoch: number | undefined): Promise<void> {
  const asked = standing.ownerRepId === rep.id || standing.askedRepId === rep.id;
  if (standing.state === 'offered' && asked && (epoch === undefined || epoch === standing.epoch)) return;
  const owner = standing.ownerRepId ? (await repsById(tx, [standing.ownerRepId])).get(standing.ownerRepId) : undefined;
  const { code, words } = tooLate(standing.state, owner?.id === rep.id, owner?.name ?? 'Somebody else');
  throw new TendrilError(epoch === undefined ? 'conflict' : code, words);
}

/** The same before anything is asked for, without locks: whether a link still answers something. Throws `not_found` too. */
export async function tooLateFor(tx: Queryable, id: string, rep: Pick<Rep, 'id'>, epoch: number): Promise<void> {
  const standing = await readStanding(tx, id);
  if (!standing) throw new TendrilError('not_found', 'There is no such opportunity');
  await mustBeAskedOf(tx, standing, rep, epoch);
}

function tooLate(state: OpportunityState, own: boolean, owner: string): { code: 'conflict' | 'link_expired'; words: string } {
  switch (state) {
    case 'queued':
      return { code: 'link_expired', words: 'This lead is not offered to anybody at the moment' };
    case 'offered':
      return { code: 'link_expired', words: own ? 'This lead was offered to you anew' : `This lead is now offered to ${owner}` };
    case 'accepted':
    case 'touched':
      return { code: 'conflict', words: own ? 'You have accepted this lead already' : `${owner} has accepted this lead` };
    default:
      return { code: 'conflict', words: 'This opportunity is closed' };
  }
}

/** Throws `conflict` unless this rep has accepted it and has it still. */
export function mustBeTheirs(standing: Standing, rep: Pick<Rep, 'id'>): void {
  mustBe(standing, ['accepted', 'touched']);
  if (standing.ownerRepId !== rep.id) throw new TendrilError('conflict', 'This lead is with somebody else');
}

/** Throws unless the opportunity is in one of these states. */
export function mustBe({ state }: Standing, allowed: OpportunityState[]): void {
  if (!allowed.includes(state))
    throw new TendrilError('conflict', `This is not possible while the opportunity is ${state}; it must be ${allowed.join(' or ')}`);
}
