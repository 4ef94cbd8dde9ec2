import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { claimCalls, nextCall, recoverCalls, settleCall } from '../db/calls.ts';
import { inTransaction } from '../db/pool.ts';
import { type Arrived, claimDeliveries, nextDelivery, recoverDeliveries, settleArrived, settleMissed } from '../db/webhook-deliveries.ts';
import { wokenLoops } from '../db/woken-loops.ts';
import type { Poke } from '../domain/loops.ts';
import type { PostWebhook } from '../messaging/webhooks/post.ts';
import { endpointSecret } from '../messaging/webhooks/sign.ts';
import type { Look } from '../workflows/loop.ts';
import { createCalling } from './calling.ts';
import { together } from './together.ts';
import type { Lingering } from './linger.ts';

export interface CallLane {
  /** `events`: what endpoints are told; any other: requests of campaigns and notices. */
  lane: string;
}

export interface CallDeps {
  pool: Pool;
  poke: Poke;
  log: Logger;
  postWebhook: PostWebhook;
  /** `secret` is TENDRIL_SECRET, of which the endpoints' own are made. */
  mail: { secret: string };
  lingering?: Lingering;
}
export type CallActivities = ReturnType<typeof createCallActivities>;

/** Requests under way at once in one worker: many more than slow hosts can fill, eight each. */
const MOST_UNDER_WAY = 256;
/** The same of messages: all endpoints there may be, sixteen each. */
const MOST_MESSAGES = 512;

export function createCallActivities({ pool, poke, log, postWebhook, mail, lingering }: CallDeps) {
  const arrive = together<Arrived>((arrived) => inTransaction(pool, (tx) => settleArrived(tx, arrived)));
  const looks = new Map<string, () => Promise<Look>>();

  const ofCampaigns = (lane: string) =>
    createCalling({
      lane,
      postWebhook,
      log,
      lingering,
      most: MOST_UNDER_WAY,
      store: {
        recover: () => recoverCalls(pool, lane),
        async claim(token, room) {
          const { claimed, cancelled } = await claimCalls(pool, lane, token, room);
          return { claimed, gone: cancelled };
        },
        async settle({ id }, token, outcome) {
          const loops = await inTransaction(pool, async (tx) => {
            const { woken, slots } = await settleCall(tx, id, token, outcome);
            return wokenLoops(tx, woken, slots);
          });
          loops.forEach(poke);
        },
        next: () => nextCall(pool, lane),
      },
    });

  const ofEvents = () =>
    createCalling({
      lane: 'events',
      postWebhook,
      log,
      lingering,
      most: MOST_MESSAGES,
      store: {
        recover: () => recoverDeliveries(pool),
        async claim(token, room) {
          const claimed = await claimDeliveries(pool, token, room, ({ endpointId, generation, both }) =>
            both
              ? [endpointSecret(mail.secret, endpointId, generation), endpointSecret(mail.secret, endpointId, generation - 1)]
              : [endpointSecret(mail.secret, endpointId, generation)],
          );
          return { claimed, gone: 0 };
        },
        settle: (delivery, token, outcome) =>
          outcome.as === 'done'
            ? arrive({ delivery, token, outcome })
            : inTransaction(pool, (tx) => settleMissed(tx, delivery, token, outcome)),
        next: () => nextDelivery(pool),
      },
    });

  return {
    /** Makes what is due in the lane. */
    async call({ lane }: CallLane): Promise<Look> {
      const look = looks.get(lane) ?? (lane === 'events' ? ofEvents() : ofCampaigns(lane));
      looks.set(lane, look);
      return look();
    },
  };
}
