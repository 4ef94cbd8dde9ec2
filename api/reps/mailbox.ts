import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { type ReadRepMailbox, putRepMailbox, removeRepMailbox, repMailbox } from '../../db/rep-mailboxes.ts';
import { TendrilError } from '../../domain/errors.ts';
import { mailboxOf, tryMailbox } from '../../messaging/inbound/imap.ts';
import { seal, unseal } from '../../messaging/seal.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';

const text = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((given) => !/\p{Cc}/u.test(given), 'has letters that nobody can see');

const settings = z
  .strictObject({
    host: z
      .string()
      .max(253)
      .regex(/^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$|^\[?[0-9A-Fa-f:.]+\]?$/, 'is not a host')
      .toLowerCase(),
    port: z.int().min(1).max(65_535).optional().openapi({ description: 'Left out: 993, or 143 without TLS from the start' }),
    tls: z.enum(['tls', 'starttls', 'none']).default('tls'),
    username: text(320),
    password: text(1_000)
      .optional()
      .openapi({ description: 'One made for programs. Kept sealed and never shown; left out: stays what it was' }),
    folder: text(300).default('INBOX'),
    active: z.boolean().default(true).openapi({ description: 'false: it is kept, and not read' }),
  })
  .openapi('NewRepMailbox');

const view = z
  .object({
    host: z.string(),
    port: z.int(),
    tls: z.enum(['tls', 'starttls', 'none']),
    username: z.string(),
    folder: z.string(),
    active: z.boolean(),
    readAt: z.iso.datetime().nullable().openapi({ description: 'Real time at which it was last read to its end' }),
    error: z.string().nullable(),
    failures: z.int().openapi({ description: 'Looks in a row that failed' }),
  })
  .openapi('RepMailbox');

const params = z.object({ key: z.string().max(100) });
const path = '/v1/reps/{key}/mailbox';
const tags = ['Reps and pools'];
const shownResponse = { description: 'How it is set up', content: { 'application/json': { schema: view } } };
const denied = ['unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'] as const;

const putRoute = createRoute({
  ...secured('admin'),
  method: 'put',
  path,
  tags,
  summary: 'Have a rep’s own mailbox read for answers to what went out under their name',
  description:
    'Only looked at, never changed. Of all other mail nothing is kept and nothing but a few headers is read. Mails of the rep ask for answers to their own address from then on.',
  request: { params, body: { required: true, content: { 'application/json': { schema: settings } } } },
  responses: { 200: shownResponse, ...problemResponses(...denied, 'conflict', 'unsupported_media_type') },
});
const getRoute = createRoute({
  ...secured('read'),
  method: 'get',
  path,
  tags,
  summary: 'The mailbox of a rep, and how reading it goes',
  request: { params },
  responses: { 200: shownResponse, ...problemResponses(...denied) },
});
const deleteRoute = createRoute({
  ...secured('admin'),
  method: 'delete',
  path,
  tags,
  summary: 'Read a rep’s mailbox no more, and forget its password',
  request: { params },
  responses: { 204: { description: 'It is forgotten' }, ...problemResponses(...denied) },
});
const checkRoute = createRoute({
  ...secured('admin'),
  method: 'post',
  path: `${path}/check`,
  tags,
  summary: 'Try whether the mailbox can be read',
  request: { params },
  responses: {
    200: {
      description: 'How that went',
      content: {
        'application/json': { schema: z.object({ ok: z.boolean(), mails: z.int().nullable(), error: z.string().nullable() }) },
      },
    },
    ...problemResponses(...denied),
  },
});

/** PUT, GET and DELETE /v1/reps/{key}/mailbox, and POST /v1/reps/{key}/mailbox/check. */
export function repMailboxEndpoints(app: OpenAPIHono, { pool, poke, config }: Pick<ApiDeps, 'pool' | 'poke' | 'config'>): void {
  const secret = config.TENDRIL_SECRET!;

  app.openapi(putRoute, async (c) => {
    const { password, port, ...given } = c.req.valid('json');
    const box = await putRepMailbox(pool, c.req.valid('param').key, {
      ...given,
      port: port ?? (given.tls === 'tls' ? 993 : 143),
      secret: password === undefined ? null : seal(secret, 'rep mailbox', password),
    });
    if (box.active) poke({ kind: 'mailbox', repId: box.repId });
    return c.json(shown(box), 200);
  });
  app.openapi(getRoute, async (c) => c.json(shown(await boxOf(c.req.valid('param').key)), 200));
  app.openapi(deleteRoute, async (c) => {
    if (!(await removeRepMailbox(pool, c.req.valid('param').key))) throw none();
    return c.body(null, 204);
  });
  app.openapi(checkRoute, async (c) => {
    const box = await boxOf(c.req.valid('param').key);
    const password = unseal(secret, 'rep mailbox', box.secret);
    if (password === null) return c.json({ ok: false, mails: null, error: 'The password was sealed with another TENDRIL_SECRET' }, 200);
    try {
      return c.json({ ok: true, mails: await tryMailbox(mailboxOf({ ...box, password })), error: null }, 200);
    } catch (error) {
      return c.json({ ok: false, mails: null, error: (error as Error).message.slice(0, 500) }, 200);
    }
  });

  async function boxOf(key: string): Promise<ReadRepMailbox> {
    const box = await repMailbox(pool, key);
    if (!box) throw none();
    return box;
  }
}

const none = () => new TendrilError('not_found', 'This rep has no mailbox that is read');

function shown({ repId: _, key: __, secret: ___, readAt, ...box }: ReadRepMailbox): z.infer<typeof view> {
  return { ...box, readAt: readAt?.toISOString() ?? null };
}
