import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { takeMeeting } from '../../../db/meetings.ts';
import { inTransaction } from '../../../db/pool.ts';
import { isDeeperThan } from '../../../domain/depth.ts';
import { TendrilError } from '../../../domain/errors.ts';
import { readCalendly, type Told } from '../../../domain/meetings/calendly.ts';
import { parseStorable } from '../../../domain/storable.ts';
import { taskMail } from '../../../messaging/task-mail.ts';
import type { ApiDeps } from '../../deps.ts';
import { problemResponses } from '../../problem.ts';
import { isCalendlys } from './signature.ts';

const DEEPEST = 20;
const SIGNATURE = 'calendly-webhook-signature';

const route = createRoute({
  method: 'post',
  path: '/hooks/calendly',
  tags: ['Meetings'],
  summary: 'Calendly tells of meetings that people book, move and call off',
  description:
    'Its webhooks `invitee.created`, `invitee.canceled` and `routing_form_submission.created`; others mean nothing here. Signed (`Calendly-Webhook-Signature`), checked ' +
    'before anything is read; shut while CALENDLY_SIGNING_KEY is not set. What is told twice, or in another order, has the same effect.',
  request: {
    headers: z.object({ [SIGNATURE]: z.string().optional() }),
    body: { required: true, content: { 'application/json': { schema: z.record(z.string(), z.unknown()) } } },
  },
  responses: {
    200: {
      description: 'Taken in: the event that the lead now has, `known`, `nobody` (it says of no one who they are) or `ignored`',
      content: { 'application/json': { schema: z.object({ as: z.string(), leadId: z.uuid().nullable() }) } },
    },
    ...problemResponses('bad_signature', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /hooks/calendly. The body is read by us, not by the schema: the signature is over its raw bytes. */
export function calendlyHook(app: OpenAPIHono, { pool, poke, config, log }: Pick<ApiDeps, 'pool' | 'poke' | 'config' | 'log'>): void {
  const mail = { publicUrl: config.publicUrl, secret: config.TENDRIL_SECRET! };

  app.openAPIRegistry.registerPath(route);
  app.post('/hooks/calendly', async (c) => {
    const body = new Uint8Array(await c.req.arrayBuffer());
    admit(c.req.header(SIGNATURE), body);
    const told = read(body);
    if (told === 'other') return c.json({ as: 'ignored', leadId: null }, 200);
    const { loops, ...taken } = await inTransaction(pool, (tx) => takeMeeting(tx, told, (card) => taskMail(mail, card, 'new')));
    loops.forEach(poke);
    log.info({ lead: taken.leadId, as: taken.as }, 'Calendly told of a meeting');
    return c.json(taken, 200);
  });

  function admit(signature: string | undefined, body: Uint8Array): void {
    const keys = config.CALENDLY_SIGNING_KEY;
    if (keys.length === 0) throw new TendrilError('bad_signature', 'No key is configured to check this with: set CALENDLY_SIGNING_KEY');
    const found = isCalendlys(keys, { signature, body, now: new Date() }, config.CALENDLY_TOLERANCE * 1_000);
    if (found === 'no') throw new TendrilError('bad_signature', 'This is not signed with a key that is configured for Calendly');
    if (found === 'stale') throw new TendrilError('bad_signature', 'This was signed too long ago, or is not yet');
  }
}

function read(body: Uint8Array): Told | 'other' {
  const json = parsed(body);
  if (isDeeperThan(DEEPEST, json)) throw new TendrilError('bad_request', `The body is nested deeper than ${DEEPEST} levels`);
  try {
    return readCalendly(json);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const issues = error.issues.map(({ path, message }) => ({ path: path.join('.'), reason: message }));
    throw new TendrilError('invalid', 'This is not made as Calendly’s webhooks are', issues);
  }
}

function parsed(body: Uint8Array): unknown {
  try {
    return parseStorable(new TextDecoder().decode(body));
  } catch {
    throw new TendrilError('bad_request', 'The body is not JSON');
  }
}
