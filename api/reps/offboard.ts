import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { Pool } from 'pg';
import { cancelOffboarding, comeBack, findOffboarding, type Offboarding, startOffboarding } from '../../db/offboarding/job.ts';
import { previewOffboarding } from '../../db/offboarding/preview.ts';
import { inTransaction, type Queryable } from '../../db/pool.ts';
import { loadedReps } from '../../db/rep-load.ts';
import { findRep } from '../../db/reps.ts';
import { TendrilError } from '../../domain/errors.ts';
import type { Loop, Poke } from '../../domain/loops.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import { repView, shownRep } from './schema.ts';

const count = z.int();
const named = z.object({ key: z.string(), name: z.string() });
const things = z.object({ account: count, opportunity: count, task: count, sequence: count });
const leftSchema = z
  .object({
    accounts: count,
    opportunities: count.openapi({ description: 'Accepted, and not closed' }),
    offers: count.openapi({ description: 'Offered to them, or they are asked too' }),
    tasks: count,
    sequences: count.openapi({ description: 'Runs under their name' }),
    drafts: count,
    mails: count.openapi({ description: 'Under their name, and not left yet' }),
    standIns: count.openapi({ description: 'Reps who have them as their stand-in' }),
    keys: count.openapi({ description: 'Keys to the api in force' }),
    mailboxes: count.openapi({ description: '1 where their own mailbox is read' }),
  })
  .openapi('LeftOfRep');
const heirs = z
  .array(z.object({ rep: named, by: z.array(z.string()).openapi({ example: ['stand-in', 'rule south'] }), things }))
  .openapi({ description: 'Who got how much, and by which rules' });
const namedIn = z.array(z.string()).openapi({ description: 'Documents that name them still; you change those' });

const offboardingSchema = z
  .object({
    id: z.uuid(),
    rep: named,
    state: z.enum(['running', 'done', 'cancelled']),
    to: named.nullable().openapi({ description: 'Who is to have everything; null: by rule' }),
    tellCustomers: z.boolean(),
    askedBy: z.string(),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
    error: z.string().nullable().openapi({ description: 'Why the last look failed; it is tried again' }),
    handedOver: things,
    heirs,
    customersTold: count,
    left: leftSchema.openapi({ description: 'What is theirs at this moment; once done, what was counted at the end: nothing' }),
    namedIn,
  })
  .openapi('Offboarding');

const previewSchema = z
  .object({ rep: named, left: leftSchema, heirs, offersReleased: count, customers: count, namedIn })
  .openapi('OffboardingPreview', { description: 'What would be; nothing has been done' });

const shown = ({ startedAt, endedAt, ...view }: Offboarding): z.infer<typeof offboardingSchema> => ({
  ...view,
  startedAt: startedAt.toISOString(),
  endedAt: endedAt?.toISOString() ?? null,
});

const params = z.object({ key: z.string().max(100) });
const body = z.strictObject({
  to: z.string().min(1).max(100).default('rule').openapi({ description: '`rule`, or the key of who is to have everything' }),
  tellCustomers: z.boolean().default(false).openapi({ description: 'Whom they had really talked to gets one mail from who is there now' }),
  dryRun: z.boolean().default(false).openapi({ description: 'Only say what would be' }),
});
const json = <S extends z.ZodType>(description: string, schema: S) => ({ description, content: { 'application/json': { schema } } });
const common = problemResponses(
  'unauthorized',
  'forbidden',
  'origin_not_allowed',
  'not_found',
  'conflict',
  'unsupported_media_type',
  'invalid',
);

const start = createRoute({
  ...secured('admin'),
  method: 'post',
  path: '/v1/reps/{key}/offboard',
  tags: ['Reps and pools'],
  summary: 'Somebody leaves: hand over what they have',
  description: `At once they are given nothing more, and their links, keys and mailbox are worth nothing. Then a job hands over every account, open
opportunity, task and run of a sequence: what belongs to one company to one rep (who has the account, their stand-in, whom the routing rules say, whoever
is next in the pool’s rotation), what is only offered to them back to a queue. Each who gets something is told by one mail. At the end it is counted that nothing is left.
The job goes on where it was, whatever is killed meanwhile.`,
  request: { params, body: { required: true, content: { 'application/json': { schema: body } } } },
  responses: { 200: json('What would be (`dryRun`)', previewSchema), 202: json('It has begun', offboardingSchema), ...common },
});

const read = createRoute({
  ...secured('read'),
  method: 'get',
  path: '/v1/reps/{key}/offboard',
  tags: ['Reps and pools'],
  summary: 'How the handing over stands',
  request: { params },
  responses: {
    200: json('The latest of this rep', offboardingSchema),
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'invalid'),
  },
});

const cancel = createRoute({
  ...secured('admin'),
  method: 'post',
  path: '/v1/reps/{key}/offboard/cancel',
  tags: ['Reps and pools'],
  summary: 'They stay after all',
  description: 'What was handed over stays where it is; with the rest they are active again.',
  request: { params },
  responses: {
    200: json('How it ended', offboardingSchema),
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'invalid'),
  },
});

const back = createRoute({
  ...secured('admin'),
  method: 'post',
  path: '/v1/reps/{key}/return',
  tags: ['Reps and pools'],
  summary: 'Somebody who had left is there again, with nothing',
  request: { params },
  responses: {
    200: json('The rep', repView),
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'not_found', 'conflict', 'invalid'),
  },
});

/** /v1/reps/{key}/offboard, …/cancel and /v1/reps/{key}/return. */
export function offboardEndpoints(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(start, async (c) => {
    const { key } = c.req.valid('param');
    const { to: given, tellCustomers, dryRun } = c.req.valid('json');
    const to = given === 'rule' ? null : given;
    if (dryRun) return c.json(await previewOffboarding(pool, { rep: key, to, tellCustomers }), 200);
    await commit(pool, poke, (tx) => startOffboarding(tx, { rep: key, to, tellCustomers, by: c.get('apiKey').name }));
    return c.json(shown(await findOffboarding(pool, key)), 202);
  });

  app.openapi(read, async (c) => c.json(shown(await findOffboarding(pool, c.req.valid('param').key)), 200));

  app.openapi(cancel, async (c) => {
    const { key } = c.req.valid('param');
    await commit(pool, poke, (tx) => cancelOffboarding(tx, key, c.get('apiKey').name));
    return c.json(shown(await findOffboarding(pool, key)), 200);
  });

  app.openapi(back, async (c) => {
    const { key } = c.req.valid('param');
    if (!(await findRep(pool, key))) throw new TendrilError('not_found', `There is no rep '${key}'`);
    await commit(pool, poke, (tx) => comeBack(tx, key, c.get('apiKey').name));
    return c.json(shownRep((await loadedReps(pool, [key]))[0]!), 200);
  });
}

async function commit(pool: Pool, poke: Poke, act: (tx: Queryable) => Promise<Loop[]>): Promise<void> {
  (await inTransaction(pool, act)).forEach(poke);
}
