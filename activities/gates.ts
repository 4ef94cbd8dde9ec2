import { holdRules, type Leaving, type Limits, passGates, readLimits } from '../db/gates.ts';
import { writeJournal } from '../db/journal.ts';
import type { Queryable } from '../db/pool.ts';
import { domainOf } from '../domain/deliverability/domain-of.ts';
import type { OutgoingMessage } from '../messaging/transports/transport.ts';

/**
 * Which of these mails of a lane must wait for a warming domain's next day, a provider's rate or a paused domain, by send id; the others may go and are
 * counted. Call it in the transaction that departs, with nothing but what is to leave.
 */
export type Throttle = (
  tx: Queryable,
  lane: string,
  messages: readonly Pick<OutgoingMessage, 'id' | 'from' | 'to'>[],
) => Promise<ReadonlyMap<string, { as: 'queued'; reason: string; dueAt: Date }>>;

/** Where nothing is limited, to look once in so many real ms whether it still is so is soon enough. */
const FRESH_MS = 1_000;

const none: ReadonlyMap<string, never> = new Map<string, never>();

/** The gates of a process. Where nothing is limited they cost one small statement a second; mail to our own reps is never held. */
export function createThrottle({ freshMs = FRESH_MS } = {}): Throttle {
  let limited = true;
  let readAt = -Infinity;

  return async (tx, lane, messages) => {
    if ((lane !== 'marketing' && lane !== 'transactional') || messages.length === 0) return none;
    if (!limited && performance.now() - readAt < freshMs) return none;
    const limits = await limitsNow(tx, limited);
    limited = limits !== null;
    readAt = performance.now();
    if (!limits) return none;
    const held = await passGates(tx, limits, lane, messages.map(leaving));
    await writeJournal(
      tx,
      held.flatMap(({ by, dueAt, told, enrolmentId, leadId, campaignId, stepId }) =>
        told || enrolmentId === null
          ? []
          : [{ kind: 'stayed' as const, leadId, campaignId, enrolmentId, stepId, because: { rule: by, until: dueAt.toISOString() } }],
      ),
    );
    return new Map(held.map(({ id, by, dueAt }) => [id, { as: 'queued', reason: `held: ${by}`, dueAt }]));
  };
}

/** Read while nobody changes them: a mail held by rules of the past would wait for nothing. Where there were none, nothing is held for a look. */
async function limitsNow(tx: Queryable, limited: boolean): Promise<Limits | null> {
  if (!limited && !(await readLimits(tx))) return null;
  await holdRules(tx);
  return readLimits(tx);
}

function leaving({ id, from, to }: Pick<OutgoingMessage, 'id' | 'from' | 'to'>): Leaving {
  return { id, from: domainOf(from.address), to: domainOf(to.address) };
}
