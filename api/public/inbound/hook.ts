import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { readClock } from '../../../db/clock.ts';
import { takeIn } from '../../../db/inbound/take.ts';
import { TendrilError } from '../../../domain/errors.ts';
import { readInboundParse } from '../../../messaging/inbound/inbound-parse.ts';
import { judged, unreadable } from '../../../messaging/inbound/judged.ts';
import { createRelay } from '../../../messaging/relay-mail.ts';
import { replyMail } from '../../../messaging/reply-mail.ts';
import type { ApiDeps } from '../../deps.ts';
import { problemResponses } from '../../problem.ts';
import { knowsSecret, PATH } from './secret.ts';

const answer = z.object({
  id: z.uuid().nullable().openapi({ description: 'The mail as it is kept; null where it had come before' }),
  kind: z.string(),
  state: z.string(),
});

const body = { required: true, content: { 'multipart/form-data': { schema: z.record(z.string(), z.unknown()) } } };
const documented = (request: { params?: z.ZodObject }, path: string) =>
  createRoute({
    method: 'post',
    path,
    tags: ['Mail that comes back'],
    summary: 'SendGrid’s Inbound Parse: a mail that came in',
    description:
      'Its parsed and its raw mode (raw keeps attachments). Closed without INBOUND_SECRET, which stands in the path or is the password of Basic ' +
      'authentication. A mail that came before has no effect.',
    request: { ...request, body },
    responses: {
      200: { description: 'Taken in, with its effects', content: { 'application/json': { schema: answer } } },
      ...problemResponses('unauthorized', 'not_found', 'unsupported_media_type', 'invalid'),
    },
  });

type Deps = Pick<ApiDeps, 'pool' | 'poke' | 'config' | 'log'>;

/** POST /hooks/sendgrid/inbound and /hooks/sendgrid/inbound/{secret}. */
export function inboundHook(app: OpenAPIHono, { pool, poke, config, log }: Deps): void {
  const secret = config.TENDRIL_SECRET!;
  const settings = { publicUrl: config.publicUrl, secret, inboundDomain: config.INBOUND_DOMAIN };
  const making = { forward: replyMail.bind(null, settings), relay: createRelay(settings) };

  const guard = (c: Context): void => {
    if (!config.INBOUND_SECRET) throw new TendrilError('not_found', 'Mail is not taken in here: INBOUND_SECRET is not set');
    if (!knowsSecret(c, config)) throw new TendrilError('unauthorized', 'The secret is not the one of INBOUND_SECRET');
  };

  /** The body is read by us, not by a schema: each field is in letters of its own. */
  async function take(c: Context): Promise<z.infer<typeof answer>> {
    guard(c);
    const type = c.req.header('content-type') ?? '';
    if (!/^multipart\/form-data\b/i.test(type)) throw new TendrilError('unsupported_media_type', 'Inbound Parse posts multipart/form-data');
    const body = Buffer.from(await c.req.arrayBuffer());
    const { now } = await readClock(pool);
    const { raw, ...mail } = await read(type, body, now);
    const taken = await takeIn(pool, { ...mail, raw, channel: 'hook' }, making);
    taken?.loops.forEach(poke);
    log.info({ inbound: taken?.id, kind: mail.judged?.kind, state: taken?.finding.state, by: taken?.finding.foundBy }, 'a mail came in');
    return { id: taken?.id ?? null, kind: mail.judged?.kind ?? 'unreadable', state: taken?.finding.state ?? 'done' };
  }

  /** What cannot be taken apart is kept for a person: an error would have SendGrid throw it away. */
  async function read(type: string, body: Buffer, receivedAt: Date) {
    try {
      const posted = await readInboundParse(type, body);
      if (posted) return { ...judged(posted.mail, { secret, receivedAt }), raw: posted.raw };
    } catch (error) {
      log.warn({ err: error }, 'a mail that came in could not be taken apart');
      return { ...unreadable(body), raw: body };
    }
    throw new TendrilError('invalid', 'There is neither `email` nor `headers` in this form', [
      { path: 'email', reason: 'is missing', mend: 'post what Inbound Parse posts, parsed or raw' },
    ]);
  }

  app.openAPIRegistry.registerPath(documented({}, PATH));
  app.openAPIRegistry.registerPath(documented({ params: z.object({ secret: z.string() }) }, `${PATH}/{secret}`));
  for (const path of [PATH, `${PATH}/:secret`]) app.post(path, async (c) => c.json(await take(c), 200));
}
