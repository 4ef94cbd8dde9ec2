import { type Card, cardsOf } from '../../db/cards.ts';
import type { Queryable } from '../../db/pool.ts';
import { lockPool, type LockedPool, rotationOf, saveRotation } from '../../db/pools.ts';
import { leaveQueued, lockQueue, offer, type Offer, passedOn, type Queued } from '../../db/queue.ts';
import { managers, presentReps, type Rep } from '../../db/reps.ts';
import { type NewSend, queueSends } from '../../db/sends.ts';
import { loadSla, type Sla } from '../../db/sla.ts';
import { plus } from '../../domain/calendar/duration.ts';
import { assign, type Rotation } from '../../domain/routing/rotation.ts';
import { firstLook } from '../../domain/sla/ladder.ts';
import { answerLinks, type MailSettings, opportunityMail, unstaffedMail } from './mails.ts';

export interface Pass {
  /** How many of the queue were looked at; fewer than the limit: it is empty. */
  looked: number;
  offered: number;
  /** Lanes to poke. */
  lanes: string[];
}

/**
 * One pass over a pool's queue, in one transaction and a fixed number of statements: the urgent first, then as they came. Who is asked for
 * by hand comes first, then the account's owner, else whoever the rotation says. What nobody can take stays in the queue, and the
 * managers hear of it once a day. Answers null when another pass is under way.
 */
export async function assignQueue(tx: Queryable, settings: MailSettings, poolId: string, limit: number): Promise<Pass | null> {
  const pool = await lockPool(tx, poolId, { wait: false });
  if (!pool) return null;
  const queue = await lockQueue(tx, poolId, limit);
  if (queue.length === 0) return { looked: 0, offered: 0, lanes: [] };

  const sla = await loadSla(tx);
  const reps = await presentReps(tx);
  const standing = await rotationOf(tx, poolId);
  const passed = await passedOn(
    tx,
    queue.filter(({ epoch }) => epoch > 0).map(({ id }) => id),
  );
  const { chosen, rotation } = choose(queue, standing, reps, (id, rep) => passed.get(id)?.has(rep) ?? false);
  await saveRotation(tx, poolId, rotation);

  const given = queue.flatMap((one, n) => (chosen[n] ? [{ queued: one, ...chosen[n] }] : []));
  const left = queue.filter((_, n) => !chosen[n]);
  await offer(
    tx,
    given.map(({ queued, rep, by }): Offer => ({ id: queued.id, repId: rep.id, by, rung: 0, nextLookAt: firstLookOf(sla, pool, rep) })),
  );
  const cards = await cardsOf(
    tx,
    given.map(({ queued }) => queued.id),
  );
  const mails = given.map(({ queued, rep }) =>
    offerMail(settings, sla, { card: cards.get(queued.id)!, epoch: queued.epoch + 1, test: queued.test, now: pool.now }, rep, 'offer'),
  );
  await leaveQueued(
    tx,
    left.map(({ id }) => id),
    plus(pool.now, sla.document.retry),
  );
  if (left.length > 0) mails.push(...(await unstaffed(tx, pool, left.length)));
  return { looked: queue.length, offered: given.length, lanes: await queueSends(tx, mails) };
}

type Choice = { rep: Rep; by: Offer['by'] } | null;

/** Who gets each: pure, but for the reps it is given. Who is asked for need not be a member of the pool, and then does not count in its rotation. */
function choose(
  queue: readonly Queued[],
  standing: Rotation,
  reps: ReadonlyMap<string, Rep>,
  hasPassed: (id: string, repId: string) => boolean,
): { chosen: Choice[]; rotation: Rotation } {
  const members = new Set(standing.members.map((member) => member.id));
  let rotation = standing;
  const chosen = queue.map((one): Choice => {
    const may = (repId: string) => !hasPassed(one.id, repId);
    const asked = one.askedRepId ? reps.get(one.askedRepId) : undefined;
    if (asked && !members.has(asked.id)) return { rep: asked, by: 'asked for' };
    const owner = one.accountOwnerId && members.has(one.accountOwnerId) && may(one.accountOwnerId) ? one.accountOwnerId : null;
    const first = asked?.id ?? owner;
    const next = assign(rotation, 1, first ? (id) => id === first : may);
    rotation = next.rotation;
    const rep = next.to[0] ? reps.get(next.to[0]) : undefined;
    return rep ? { rep, by: asked ? 'asked for' : owner ? 'account owner' : 'rotation' } : null;
  });
  return { chosen, rotation };
}

function firstLookOf(sla: Sla, pool: LockedPool, rep: Rep): Date {
  return firstLook(sla.policy(pool.key), 'offered', pool.now, sla.work(rep));
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

async function unstaffed(tx: Queryable, pool: LockedPool, waiting: number): Promise<NewSend[]> {
  const date = pool.now.toISOString().slice(0, 10);
  return (await managers(tx)).map((manager) => unstaffedMail({ id: pool.id, name: pool.name, waiting, date }, manager));
}
