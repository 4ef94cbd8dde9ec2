import { pino } from 'pino';
import { createCallActivities } from '../../activities/calls.ts';
import type { Loop } from '../../domain/loops.ts';
import { postWebhookOf } from '../../messaging/webhooks/settings.ts';
import type { Look } from '../../workflows/loop.ts';
import { SECRET } from './delivery.ts';
import type { Workspace } from './workspace.ts';

/** One look of a lane of calls, as the function it is; `allow` as WEBHOOK_ALLOW, `channels` as CHAT_WEBHOOKS. Answers what it said and whom it poked. */
export async function makeCalls(
  { pool }: Workspace,
  {
    lane = 'webhook',
    allow = '127.0.0.1',
    mode = 'send',
    channels = '',
  }: { lane?: string; allow?: string; mode?: 'send' | 'pretend'; channels?: string } = {},
): Promise<{ look: Look; poked: Loop[] }> {
  const poked: Loop[] = [];
  const { call } = createCallActivities({
    pool,
    poke: (loop) => void poked.push(loop),
    log: pino({ level: 'silent' }),
    mail: { secret: SECRET },
    postWebhook: postWebhookOf(
      { TENDRIL_ENV: 'test', WEBHOOK_MODE: mode, WEBHOOK_ALLOW: allow, WEBHOOK_SECRETS: '', CHAT_WEBHOOKS: channels },
      SECRET,
    ),
    lingering: { quietMs: 0 },
  });
  return { look: await call({ lane }), poked };
}

/** The calls in the outbox, oldest first, and how they stand. */
export async function callsOf({ pool }: Workspace) {
  const { rows } = await pool.query<{
    lane: string;
    state: string;
    attempts: number;
    status: number | null;
    reason: string | null;
    excerpt: string | null;
  }>(`select lane, state, attempts, status, reason, excerpt from outgoing_call order by queued_at, id`);
  return rows;
}
