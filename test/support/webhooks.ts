import { createHmac, timingSafeEqual } from 'node:crypto';
import { pino } from 'pino';
import { createCallActivities } from '../../activities/calls.ts';
import { createFeedActivities } from '../../activities/feed.ts';
import { postWebhookOf } from '../../messaging/webhooks/settings.ts';
import { SECRET } from './delivery.ts';
import type { Received } from './receiver.ts';
import { makeCalls } from './calls.ts';
import type { Workspace } from './workspace.ts';

export const LOCAL = { WEBHOOK_ALLOW: '127.0.0.1' };

/** One look of the feed, as the function it is, and then of the deliveries. */
export async function tellAll(firm: Workspace): Promise<void> {
  await feedOnce(firm);
  await makeCalls(firm, { lane: 'events' });
}

/** One look of the deliveries that comes home after so long, though some are under way. */
export async function deliverBriefly({ pool }: Workspace, limitMs: number): Promise<void> {
  const { call } = createCallActivities({
    pool,
    poke: () => {},
    log: pino({ level: 'silent' }),
    mail: { secret: SECRET },
    postWebhook: postWebhookOf(
      { TENDRIL_ENV: 'test', WEBHOOK_MODE: 'send', WEBHOOK_ALLOW: '127.0.0.1', WEBHOOK_SECRETS: '', CHAT_WEBHOOKS: '' },
      SECRET,
    ),
    lingering: { quietMs: 0, limitMs },
  });
  await call({ lane: 'events' });
}

/** One look of the feed. */
export async function feedOnce({ pool }: Pick<Workspace, 'pool'>): Promise<void> {
  await createFeedActivities({ pool, poke: () => {}, log: pino({ level: 'silent' }), feeding: { quietMs: 0 } }).feed();
}

/** Checks a message as a receiver would who has read Standard Webhooks and has this secret. */
export function verify({ headers, body }: Received, secret: string): boolean {
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
  const due = createHmac('sha256', key).update(`${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`).digest();
  const age = Math.abs(Date.now() / 1_000 - Number(headers['webhook-timestamp']));
  return (
    age < 300 &&
    headers['webhook-signature']!.split(' ').some((one) => {
      const given = Buffer.from(one.replace(/^v1,/, ''), 'base64');
      return given.length === due.length && timingSafeEqual(given, due);
    })
  );
}

export interface Told {
  id: string;
  type: string;
  timestamp: string;
  origin: string | null;
  test: boolean;
  data: Record<string, Record<string, unknown> | null>;
}

/** What a receiver has been told, in the order of coming. */
export const told = (received: readonly Received[]): Told[] =>
  received.map((one) => ({ id: one.headers['webhook-id']!, ...(JSON.parse(one.body) as Omit<Told, 'id'>) }));

/** Makes an endpoint and answers it with its secret. */
export async function listen(firm: Workspace, url: string, types: string[], more: object = {}): Promise<{ id: string; secret: string }> {
  const response = await firm.post('/v1/webhooks', { url, types, ...more });
  if (response.status !== 201) throw new Error(await response.text());
  return (await response.json()) as { id: string; secret: string };
}
