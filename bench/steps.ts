import { once } from 'node:events';
import { Client, Connection } from '@temporalio/client';
import { putDocument } from '../db/documents.ts';
import { benchCampaign, STEPS, topics } from './support/campaign.ts';
import { deploy, type Deployment, type Memory, type Services, until } from './support/deployment.ts';
import { areScored, signUp } from './support/people.ts';
import { run } from './support/run.ts';

export interface StepsResult {
  /** Facts, journal, ledger and rendering on both sides; each message is composed and then let go. */
  engine: Compared;
  /** The same with the conversation with a mail server. */
  withSmtp: Compared;
  /** As `engine`, on a Temporal server that is as its CLI starts it; null where the server was given. */
  plainServer: Compared | null;
}

export interface Compared {
  ours: Speed & { memory: Memory };
  baseline: Speed;
  ratio: number;
}

interface Speed {
  people: number;
  steps: number;
  seconds: number;
  perSecond: number;
}

interface Sizes {
  people: number;
  baselinePeople: number;
}

const LONGEST = 900_000;
/** How many of the baseline's workflows are started at once. */
const STARTS = 50;
/** People that each engine has carried before it is measured: both run for weeks. */
const WARM = 2_000;
const BASELINE_WARM = 100;

/** Nurture steps a second: our loop, then a workflow for each enrolment, on the same servers; without a mail server and with one. */
export async function benchSteps(services: Services, sizes: Sizes): Promise<StepsResult> {
  return {
    engine: await compare(services, sizes, { smtp: false }),
    withSmtp: await compare(services, sizes, { smtp: true }),
    plainServer: await onPlainServer(services, sizes),
  };
}

async function onPlainServer(services: Services, sizes: Sizes): Promise<Compared | null> {
  const temporal = await services.plainTemporal?.();
  if (!temporal) return null;
  try {
    return await compare({ ...services, temporalAddress: temporal.address }, sizes, { smtp: false });
  } finally {
    await temporal.stop();
  }
}

async function compare(services: Services, { people, baselinePeople }: Sizes, { smtp }: { smtp: boolean }): Promise<Compared> {
  const ours = await measureOurs(services, people, smtp ? {} : { worker: 'bench/support/worker-without-socket.mjs' });
  const baseline = await measureBaseline(services, baselinePeople, smtp ? { SMTP_URL: services.smtpUrl } : {});
  return { ours, baseline, ratio: ours.perSecond / baseline.perSecond };
}

async function measureOurs(services: Services, people: number, options: { worker?: string }): Promise<Compared['ours']> {
  const firm = await deploy(services, options);
  try {
    // Two loops for the campaign, as a firm with more people than one would set it.
    await firm.pool.query('update workspace set ranges = 2');
    await putDocument(firm.pool, 'topics', 'default', topics);
    await firm.must('/v1/clock', { action: 'freeze' });
    await carry(firm, 'warm', WARM);
    const seconds = await carry(firm, 'bench', people);
    const steps = people * STEPS;
    return { people, steps, seconds, perSecond: steps / seconds, memory: await firm.memory() };
  } finally {
    await firm.stop();
  }
}

/** So many people through the whole campaign, of that name. Answers how many seconds it took. */
async function carry(firm: Deployment, key: string, people: number): Promise<number> {
  await firm.must('/v1/campaigns', { ...benchCampaign, key, entry: { event: key } });
  await firm.must(`/v1/campaigns/${key}/launch`, {});
  // They stand at the door while the campaign is paused, so that only the engine's own work is timed.
  await firm.must(`/v1/campaigns/${key}/pause`, {});
  await signUp(firm.pool, people, key);
  await until(() => areScored(firm.pool), LONGEST, 'the scores');
  await firm.pool.query('vacuum analyze');
  let seconds = await timed(
    () => firm.must(`/v1/campaigns/${key}/resume`, { overdue: 'send' }),
    () => havePassed(firm, key, ['welcome'], people),
  );
  for (const mails of [['study', 'nudge'], ['last']])
    seconds += await timed(
      () => firm.must('/v1/clock', { action: 'jump', by: '1d' }),
      () => havePassed(firm, key, mails, people),
    );
  return seconds;
}

/** Everybody has one of these mails behind them. Asked of the campaign's own counters: to count the people each time would slow down what is measured. */
async function havePassed(firm: Deployment, key: string, steps: readonly string[], people: number): Promise<boolean> {
  const { rows } = await firm.pool.query<{ n: number }>(
    `select coalesce(sum(passed), 0)::int as n from step_passed
      where campaign_id = (select id from campaign where key = $1) and step_id = any($2)`,
    [key, steps],
  );
  return rows[0]!.n === people;
}

/** The baseline's last mail has gone to everybody. */
async function areThrough(firm: Deployment, people: number): Promise<boolean> {
  const { rows } = await firm.pool.query<{ n: number }>(`select count(*)::int as n from baseline_journal where step = 'last'`);
  return rows[0]!.n === people;
}

async function timed(begin: () => Promise<void>, done: () => Promise<boolean>): Promise<number> {
  const begun = performance.now();
  await begin();
  await until(done, LONGEST, 'the steps');
  return (performance.now() - begun) / 1000;
}

async function measureBaseline(services: Services, people: number, mail: { SMTP_URL?: string }): Promise<Speed> {
  const firm = await deploy(services, { worker: null });
  await firm.pool.query('create table baseline_send (key text primary key, state text not null)');
  await firm.pool.query(
    'create table baseline_journal (id bigint generated always as identity primary key, lead_id uuid, step text, because jsonb, at timestamptz default now())',
  );
  await signUp(firm.pool, people);
  await firm.pool.query('vacuum analyze');
  const worker = run('bench/baseline/worker.ts', {
    DATABASE_URL: firm.settings['DATABASE_URL']!,
    TEMPORAL_ADDRESS: services.temporalAddress,
    ...mail,
  });
  const connection = await Connection.connect({ address: services.temporalAddress });
  try {
    const client = new Client({ connection, namespace: 'tendril' });
    const { rows } = await firm.pool.query<{ id: string }>('select id from lead');
    // Warm: the bundle is built and some are through before the clock starts.
    const warmUp = ({ id }: { id: string }) =>
      client.workflow.execute('enrolment', { taskQueue: 'baseline', workflowId: `warm-${id}`, args: [{ leadId: id }] });
    await Promise.all(rows.slice(0, BASELINE_WARM).map(warmUp));
    await firm.pool.query('truncate baseline_send, baseline_journal');
    const start = ({ id }: { id: string }) =>
      client.workflow.start('enrolment', { taskQueue: 'baseline', workflowId: `enrolment-${id}`, args: [{ leadId: id }] });
    const begun = performance.now();
    for (let from = 0; from < people; from += STARTS) await Promise.all(rows.slice(from, from + STARTS).map(start));
    await until(() => areThrough(firm, people), LONGEST, 'the baseline');
    const seconds = (performance.now() - begun) / 1000;
    return { people, steps: people * STEPS, seconds, perSecond: (people * STEPS) / seconds };
  } finally {
    await connection.close();
    worker.kill('SIGTERM');
    await once(worker, 'exit');
    await firm.stop();
  }
}
