import { randomUUID } from 'node:crypto';
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { inTransaction } from '../../db/pool.ts';
import { queueSends } from '../../db/sends.ts';
import { taskCards } from '../../db/task-cards.ts';
import { createTask, instantFrom } from '../../db/task-create.ts';
import { findTask } from '../../db/tasks-read.ts';
import { wokenLoops } from '../../db/woken-loops.ts';
import { deliveryOf } from '../../domain/loops.ts';
import { taskKinds } from '../../domain/tasks/kinds.ts';
import { taskMail } from '../../messaging/task-mail.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { requireActiveRep } from '../opportunities/answering.ts';
import { repKey } from '../opportunities/schema.ts';
import { problemResponses } from '../problem.ts';
import { remindBefore, shownTask, taskSchema, when } from './schema.ts';

const outcome = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'an outcome is lower-case letters, digits and _, such as not_now');

const body = z
  .strictObject({
    lead: z.string().max(320).optional().openapi({ description: 'Id or address of the person it is about' }),
    account: z.uuid().optional().openapi({ description: 'Or the company' }),
    opportunity: z.uuid().optional().openapi({ description: 'Or the opportunity: its first person and company' }),
    title: z.string().trim().min(1).max(200),
    kind: z.enum(taskKinds).default('custom').openapi({ description: 'Says what may be answered where `outcomes` does not' }),
    details: z.string().trim().max(2_000).optional(),
    owner: repKey.optional().openapi({ description: 'Left out: whoever has the opportunity or the company, else whose turn it is' }),
    due: when.default('2bd'),
    remindBefore: remindBefore.default(null),
    outcomes: z.array(outcome).max(20).optional(),
    key: z.string().min(1).max(200).optional().openapi({ description: 'Names the task, so that asking twice asks once' }),
    tell: z.boolean().default(true).openapi({ description: 'The owner gets the mail' }),
  })
  .refine((given) => [given.lead, given.account, given.opportunity].filter(Boolean).length === 1, {
    error: 'name one of lead, account and opportunity',
    path: ['lead'],
  })
  .openapi('NewTask');

const content = { 'application/json': { schema: taskSchema } };
const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: '/v1/tasks',
  tags: ['Tasks'],
  summary: 'Give somebody something to do',
  request: { body: { required: true, content: { 'application/json': { schema: body } } } },
  responses: {
    200: { description: 'The task of this key, which was there already', content },
    201: { description: 'The task', content },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/tasks. */
export function createTaskEndpoint(app: OpenAPIHono, { pool, poke, config }: Pick<ApiDeps, 'pool' | 'poke' | 'config'>): void {
  const settings = { publicUrl: config.publicUrl, secret: config.TENDRIL_SECRET! };

  app.openapi(route, async (c) => {
    const { lead, account, opportunity, owner, due, key, tell, ...given } = c.req.valid('json');
    const about = lead ? { lead } : account ? { account } : { opportunity: opportunity! };
    const { name: createdBy } = c.get('apiKey');
    const { id, created, loops } = await inTransaction(pool, async (tx) => {
      if (owner) await requireActiveRep(tx, owner);
      const made = await createTask(tx, {
        ...given,
        key: `hand/${key ?? randomUUID()}`,
        about,
        source: 'hand',
        to: owner ? { who: 'rep', key: owner } : { who: 'owner' },
        due: await instantFrom(tx, due),
        createdBy,
      });
      const cards = made.created && tell ? await taskCards(tx, [made.id]) : [];
      const lanes = await queueSends(
        tx,
        cards.map((card) => taskMail(settings, card, 'new')),
      );
      const told = deliveryOf(lanes);
      return { ...made, loops: [...told, ...(await wokenLoops(tx, made.woken))] };
    });
    loops.forEach(poke);
    return c.json(shownTask((await findTask(pool, id))!), created ? 201 : 200);
  });
}
