import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { inTransaction, isOfTheData } from '../../../db/pool.ts';
import { takeTold } from '../../../db/told.ts';
import type { Told } from '../../../domain/delivery/told.ts';
import { isDeeperThan } from '../../../domain/depth.ts';
import { TendrilError } from '../../../domain/errors.ts';
import { readEvents } from '../../../messaging/sendgrid/events.ts';
import { isFresh, isSignedBatch } from '../../../messaging/sendgrid/signature.ts';
import type { ApiDeps } from '../../deps.ts';
import { problemResponses } from '../../problem.ts';

/** How deep an event may be nested. */
const DEEPEST = 20;
const SIGNATURE = 'x-twilio-email-event-webhook-signature';
const TIMESTAMP = 'x-twilio-email-event-webhook-timestamp';

const route = createRoute({
  method: 'post',
  path: '/hooks/sendgrid/events',
  tags: ['Mail'],
  summary: 'SendGrid tells what became of mails',
  description:
    'The signed event webhook: ECDSA over the timestamp and the raw body, checked before anything is read. A batch is one transaction; an event told twice, late or out of ' +
    'order has the effect it would have had in time. Shut while SENDGRID_WEBHOOK_KEY is not set.',
  request: {
    headers: z.object({ [SIGNATURE]: z.string().optional(), [TIMESTAMP]: z.string().optional() }),
    body: { required: true, content: { 'application/json': { schema: z.array(z.record(z.string(), z.unknown())) } } },
  },
  responses: {
    200: {
      description: 'Taken: how many events were news, how many were known already or mean nothing here',
      content: { 'application/json': { schema: z.object({ fresh: z.int(), known: z.int(), ignored: z.int() }) } },
    },
    ...problemResponses('bad_signature', 'too_large', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /hooks/sendgrid/events. The body is read by us, not by the schema: the signature is over its raw bytes. */
export function sendgridEventsEndpoint(
  app: OpenAPIHono,
  { pool, poke, config, log }: Pick<ApiDeps, 'pool' | 'poke' | 'config' | 'log'>,
): void {
  const ours = `${config.publicUrl}/`;
  app.openAPIRegistry.registerPath(route);
  app.post('/hooks/sendgrid/events', async (c) => {
    const body = new Uint8Array(await c.req.arrayBuffer());
    const now = new Date();
    admit({ signature: c.req.header(SIGNATURE), timestamp: c.req.header(TIMESTAMP), body, now });
    const batch = eventsIn(body);
    const told = readEvents(batch, now.getTime()).filter((one) => !isOurOwn(one));
    const fresh = await take(told, now);
    log.info({ events: batch.length, fresh }, 'SendGrid told of mails');
    return c.json({ fresh, known: told.length - fresh, ignored: batch.length - told.length }, 200);
  });

  /** One transaction. Where the database refuses what is in it, halves, until the event that it refuses is alone: the others are not lost with it. */
  async function take(told: readonly Told[], now: Date): Promise<number> {
    try {
      const { fresh, loops } = await inTransaction(pool, (tx) => takeTold(tx, told, now));
      loops.forEach(poke);
      return fresh;
    } catch (error) {
      if (!isOfTheData(error)) throw error;
      const half = Math.floor(told.length / 2);
      if (half > 0) return (await take(told.slice(0, half), now)) + (await take(told.slice(half), now));
      log.error({ err: error, event: told[0]?.key }, 'an event of SendGrid could not be stored');
      return 0;
    }
  }

  function admit(batch: Parameters<typeof isSignedBatch>[1] & { now: Date }): void {
    if (config.SENDGRID_WEBHOOK_KEY.length === 0)
      throw new TendrilError('bad_signature', 'No key is configured to check this with: set SENDGRID_WEBHOOK_KEY');
    if (!isSignedBatch(config.SENDGRID_WEBHOOK_KEY, batch))
      throw new TendrilError('bad_signature', 'This is not signed with a key that is configured for SendGrid');
    if (!isFresh(batch.timestamp!, config.SENDGRID_WEBHOOK_TOLERANCE * 1_000, batch.now))
      throw new TendrilError('bad_signature', 'This was signed too long ago, or is not yet');
  }

  /** A click on one of our own links is counted where the link leads. */
  function isOurOwn({ kind, url }: Told): boolean {
    return kind === 'clicked' && (url?.startsWith(ours) ?? false);
  }
}

function eventsIn(body: Uint8Array): unknown[] {
  const batch = parsed(body);
  if (!Array.isArray(batch)) throw new TendrilError('bad_request', 'A batch is a JSON array of events');
  if (isDeeperThan(DEEPEST, batch)) throw new TendrilError('bad_request', `The events are nested deeper than ${DEEPEST} levels`);
  return batch;
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    throw new TendrilError('bad_request', 'The body is not JSON');
  }
}
