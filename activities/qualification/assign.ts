import { type Card, cardsOf } from '../../db/cards.ts';
import { opportunityMail } from '../../db/opportunity-mail.ts';
import { giveBack, startReturnClock } from '../../db/partners.ts';
import type { Queryable } from '../../db/pool.ts';
import { lockPool, type LockedPool, membersOf, saveRotation } from '../../db/pools.ts';
import { leaveQueued, type Left, lockQueue, moveQueued, offer, type Offer, passedOn, type Queued } from '../../db/queue.ts';
import { managers, type Rep, repsWithPresence } from '../../db/reps.ts';
import { type NewSend, queueSends } from '../../db/sends.ts';
import { loadSla, type Sla } from '../../db/sla.ts';
import { type Duration, plus } from '../../domain/calendar/duration.ts';
import { choose, type Given, type Unassigned } from '../../domain/routing/choose.ts';
import { gradesOf } from '../../domain/sla/document.ts';
import { firstRung, nextOf, nextWall } from '../../domain/sla/ladder.ts';
import { answerLinks, type MailSettings, unstaffedMail } from './mails.ts';

export interface Pass {
  /** How many of the queue were looked at; fewer than the limit: it is empty. */
  looked: number;
  offered: number;
  /** One of those that stand in another pool's queue now, if any do: to look after next. */
  moved: string[];
  /** Lanes to poke. */
  lanes: string[];
}

interface Passing {
  tx: Queryable;
  settings: MailSettings;
  pool: LockedPool;
  sla: Sla;
}
type Offered = { queued: Queued; rep: Rep; choice: Given };
type Unoffered = { queued: Queued; choice: Unassigned };

/** What needs skills that some of the pool have waits so long for one of them, where nothing else is said. */
const FOR_SKILLS: Duration = '1d';

/**
 * One pass over a pool's queue, in one transaction and a fixed number of statements: the green channel first, then the urgent, then as they
 * came. Who is asked for by name comes first, then the account's owner, else whoever the rotation says (domain/routing/choose.ts). What
 * nobody can take waits until somebody is in, but no longer than it may. Answers null when another pass is under way.
 */
export async function assignQueue(tx: Queryable, settings: MailSettings, poolId: string, limit: number): Promise<Pass | null> {
  const pool = await lockPool(tx, poolId, { wait: false });
  if (!pool) return null;
  const queue = await lockQueue(tx, poolId, limit);
  if (queue.length === 0) return { looked: 0, offered: 0, moved: [], lanes: [] };
  const passing = { tx, settings, pool, sla: await loadSla(tx) };
  const { partner, hold } = pool.settings;
  if (partner) await startReturnClock(tx, idsOf(queue), later(passing, partner.returnAfter));

  const people = await repsWithPresence(tx);
  const { takers: members, rotation: standing } = await membersOf(tx, poolId);
  const passed = await passedOn(tx, idsOf(queue.filter(({ epoch }) => epoch > 0)));
  const hasHad = (id: string, rep: string): boolean => passed.get(id)?.has(rep) ?? false;
  // Where it goes to another pool when it has waited long enough, nobody here gets it against the rules.
  const asked = queue.map((one) => ({ ...one, urgent: one.urgent || one.vip, overdue: one.overdue && hold?.then === undefined }));
  const { choices, rotation } = choose(asked, { people, members, rotation: standing, hasHad });
  await saveRotation(tx, poolId, rotation);

  const offered = queue.flatMap((queued, n): Offered[] => {
    const choice = choices[n]!;
    return 'repId' in choice ? [{ queued, choice, rep: people.get(choice.repId)! }] : [];
  });
  const left = queue.flatMap((queued, n): Unoffered[] => {
    const choice = choices[n]!;
    return 'wait' in choice ? [{ queued, choice }] : [];
  });
  const mails = await makeOffers(passing, offered);
  const { moved, told, lanes } = await leave(passing, left, (id) => members.every((member) => hasHad(id, member.id)));
  return { looked: queue.length, offered: offered.length, moved, lanes: [...lanes, ...(await queueSends(tx, [...mails, ...told]))] };
}

const idsOf = (queue: readonly { id: string }[]): string[] => queue.map(({ id }) => id);

/** So much later, by the workspace's calendar. */
const later = ({ pool, sla: { office } }: Pick<Passing, 'pool' | 'sla'>, length: Duration): Date =>
  plus(pool.now, length, office.zone, office);

async function makeOffers(passing: Passing, offered: readonly Offered[]): Promise<NewSend[]> {
  const { tx, settings, sla, pool } = passing;
  await offer(
    tx,
    offered.map(({ queued, rep, choice: { because, counts } }): Offer => {
      return { id: queued.id, repId: rep.id, by: because.by, because, counts, rung: 0, nextLookAt: firstLookOf(passing, queued, rep) };
    }),
  );
  const cards = await cardsOf(tx, idsOf(offered.map(({ queued }) => queued)));
  return offered.map(({ queued: { id, epoch, test }, rep }) =>
    offerMail(settings, sla, { card: cards.get(id)!, epoch: epoch + 1, test, now: pool.now }, rep, 'offer'),
  );
}

/** The rep's clock begins with the offer; the customer's goes on where it has begun. */
function firstLookOf({ pool, sla }: Passing, queued: Queued, rep: Rep): Date {
  const policy = sla.policy(pool.key, gradesOf(queued));
  const work = sla.work(rep);
  const wall = nextWall(policy, { state: 'offered', wallRung: queued.wallRung, wallSince: queued.ladderSince ?? pool.now }, work);
  return nextOf(firstRung(policy, 'offered', pool.now, work), wall).nextLookAt;
}

/** What nobody can take: on to the next pool or back to the one it came from where it may wait no longer, else it waits. */
async function leave(passing: Passing, left: readonly Unoffered[], nobodyIsLeft: (id: string) => boolean) {
  const { tx, pool } = passing;
  const { partner, hold } = pool.settings;
  if (left.length === 0) return { moved: [], told: [], lanes: [] };
  const ids = idsOf(left.map(({ queued }) => queued));
  const back = partner ? await giveBack(tx, ids.filter(nobodyIsLeft), 'nobody') : { ids: [], lanes: [] };
  const overdue = idsOf(left.map(({ queued }) => queued).filter((one) => one.overdue));
  const on = hold?.then === undefined ? [] : await moveQueued(tx, overdue, hold.then);
  const gone = new Set([...back.ids, ...on]);
  const waiting = left.filter(({ queued }) => !gone.has(queued.id));
  await leaveQueued(
    tx,
    waiting.map((one) => waits(passing, one)),
  );
  return { moved: [...gone].slice(0, 1), told: await unstaffed(passing, waiting), lanes: back.lanes };
}

function waits(passing: Passing, { queued, choice }: Unoffered): Left {
  const { pool, sla } = passing;
  const hold = queued.hold ?? pool.settings.hold?.atMost ?? (choice.lacks ? FOR_SKILLS : null);
  const heldUntil = queued.heldUntil ?? (hold === null ? null : later(passing, hold));
  const next = choice.from ?? plus(pool.now, sla.document.retry);
  const nextLookAt = heldUntil && heldUntil > pool.now && heldUntil < next ? heldUntil : next;
  return { id: queued.id, nextLookAt, heldUntil, skipped: choice.wait };
}

/** Once a day; not of what only waits until people are at work again. */
async function unstaffed({ tx, pool }: Passing, waiting: readonly Unoffered[]): Promise<NewSend[]> {
  const stranded = waiting.filter(({ choice }) => choice.wait.hours === undefined).length;
  if (stranded === 0) return [];
  const date = pool.now.toISOString().slice(0, 10);
  return (await managers(tx)).map((manager) => unstaffedMail({ id: pool.id, name: pool.name, waiting: stranded, date }, manager));
}

/** The lead's card with its links, to a rep who may have it. */
export function offerMail(
  settings: MailSettings,
  sla: Sla,
  { card, epoch, test, now }: { card: Card; epoch: number; test: boolean; now: Date },
  rep: Rep,
  kind: 'offer' | 'backup' | 'reassigned',
  owner: string | null = null,
): NewSend {
  const links = answerLinks(settings, card.opportunityId, epoch, rep.id, plus(now, sla.document.links));
  return opportunityMail('rep-lead-card', {
    card,
    epoch,
    what: kind === 'backup' ? 'backup' : 'offer',
    to: rep,
    test,
    params: { ...links, kind, owner },
  });
}
