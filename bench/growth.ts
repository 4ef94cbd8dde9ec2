import type { Pool } from 'pg';
import pino from 'pino';
import { createNurtureActivities } from '../activities/nurture.ts';
import { createPlans } from '../activities/plans.ts';
import { createReadyWatch } from '../activities/ready.ts';
import { storeEvents } from '../db/events.ts';
import { refreshMembers } from '../db/kept-segments.ts';
import { inTransaction } from '../db/pool.ts';
import { countLeads } from '../db/segments.ts';
import { putDocument } from '../db/documents.ts';
import { lockLeads } from '../db/wakes.ts';
import { type ConditionDocument, parseCondition } from '../domain/conditions/condition.ts';
import { benchCampaign, topics } from './support/campaign.ts';
import { deploy, type Deployment, type Services } from './support/deployment.ts';
import { enrolEverybody, makeDue, populate } from './support/population.ts';

/** What one size of workspace costs. */
export interface Growth {
  people: number;
  /** Microseconds for each of 2,000 due enrolments: facts, a branch, a mail queued, journal. */
  advanceUs: number;
  /** Microseconds for each lead of the whole workspace: how many are in the segment? */
  countUs: number;
  /** Microseconds for each of 1,000 leads of whom something changed: are they in the segment? */
  memberUs: number;
  /** Milliseconds for one event with 50 live campaigns, of which none, or all, begin with it. */
  entryMs: { none: number; all: number };
}

const DUE = 2_000;
const CAMPAIGNS = 50;
const ROUNDS = 3;
const LONGEST_MS = 600_000;

const segment: ConditionDocument = {
  stage: { ne: 'customer' },
  'lead.industry': { in: ['chemicals', 'water'] },
  'lead.size': { gte: 100 },
  any: [{ event: 'pricing_viewed', in: '14d' }, { 'account.country': 'FR' }],
};

/** The same work in workspaces of these sizes: what each lead costs must not depend on how many others there are. */
export async function benchGrowth(services: Services, sizes: readonly number[], say: (line: string) => void): Promise<Growth[]> {
  const found: Growth[] = [];
  for (const people of sizes) {
    say(`  ${people.toLocaleString('en')} people: filling the database`);
    found.push(await measure(services, people));
  }
  return found;
}

async function measure(services: Services, people: number): Promise<Growth> {
  const firm = await deploy(services, { worker: null });
  const { pool } = firm;
  try {
    await putDocument(pool, 'topics', 'default', topics);
    await launch(firm, benchCampaign);
    for (let n = 0; n < CAMPAIGNS; n++)
      await launch(firm, { ...benchCampaign, key: `bench-${n}`, entry: { event: 'asked_for_a_quote' }, exitWhen: undefined });
    await firm.must('/v1/clock', { action: 'freeze' });
    await populate(pool, people);
    await enrolEverybody(pool, 'bench', 'w1');
    await pool.query('vacuum analyze');

    const advanceUs = await median(async () => {
      await makeDue(pool, 'w1', DUE);
      return ((await advanceDue(pool)) * 1_000) / DUE;
    });
    const countUs = await median(async () => ((await timed(() => countLeads(pool, [segment]))) * 1_000) / people);
    const memberUs = await median(() => refresh(pool));
    const entry = async (name: string): Promise<number> => median(() => oneEvent(pool, name));
    return { people, advanceUs, countUs, memberUs, entryMs: { none: await entry('page_viewed'), all: await entry('asked_for_a_quote') } };
  } finally {
    await firm.stop();
  }
}

async function launch(firm: Deployment, document: { key: string; [more: string]: unknown }): Promise<void> {
  await firm.must('/v1/campaigns', document);
  await firm.must(`/v1/campaigns/${document.key}/launch`, {});
}

/** The nurture loop's own activity over all that is due, ms. */
async function advanceDue(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ id: string }>(`select id from campaign where key = 'bench'`);
  const nurture = createNurtureActivities({
    pool,
    poke: () => {},
    plans: createPlans(),
    ready: createReadyWatch({ pool }),
    log: pino({ level: 'error' }),
    mail: { publicUrl: 'http://bench.example', secret: 'bench' },
    lingering: { limitMs: LONGEST_MS, quietMs: 0 },
  });
  return timed(() => nurture.advance({ campaignId: rows[0]!.id, from: 0, to: 255 }));
}

/** Microseconds a lead, for a thousand of them. */
async function refresh(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ id: string }>('select id from lead order by random() limit 1000');
  const ids = rows.map((row) => row.id);
  return timed(() => inTransaction(pool, (tx) => refreshMembers(tx, [{ key: 'bench', condition: parseCondition(segment) }], ids)));
}

/** Milliseconds for one event, over a hundred of them one after the other. */
async function oneEvent(pool: Pool, name: string): Promise<number> {
  const { rows } = await pool.query<{ id: string }>('select id from lead order by random() limit 100');
  const ms = await timed(async () => {
    for (const { id } of rows)
      await inTransaction(pool, async (tx) => {
        await lockLeads(tx, [id]);
        await storeEvents(tx, [{ leadId: id, name, source: 'bench' }]);
      });
  });
  return ms / rows.length;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

async function median(work: () => Promise<number>): Promise<number> {
  const found: number[] = [];
  for (let n = 0; n < ROUNDS; n++) found.push(await work());
  return found.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)]!;
}
