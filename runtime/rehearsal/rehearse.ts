import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { Logger } from 'pino';
import { createPool, inTransaction } from '../../db/pool.ts';
import { nurtureLoops } from '../../db/ranges.ts';
import { addCandidate } from '../../db/candidates.ts';
import type { Campaign } from '../../domain/campaign/document.ts';
import { lint } from '../../domain/campaign/lint.ts';
import { redirected } from '../../domain/campaign/redirected.ts';
import { surroundingsOf } from '../../domain/workspace/surroundings.ts';
import { templateFileOf } from '../../messaging/template-lint/campaign-mails.ts';
import { createTendril } from '../compose.ts';
import type { Config } from '../config.ts';
import { readRunning } from '../local/running.ts';
import { shippedTemplates } from '../templates.ts';
import { createTemporalClient } from '../temporal-client.ts';
import { sweeperId } from '../temporal-namespace.ts';
import type { Deed } from './deeds.ts';
import { play } from './play.ts';
import { createScratch } from './scratch.ts';
import { inventLead, type Original, readOriginal, setStage } from './stage.ts';

export interface Rehearsal {
  config: Config;
  log: Logger;
  /** Key of the campaign, whose newest version is played; or a document that is not stored. */
  campaign: { key: string } | { document: unknown };
  /** Where every mail goes: the lead's and the firm's. */
  to: string;
  /** Workspace seconds in a real one. */
  rate: number;
  /** What brings the lead in: `$entry.…`. */
  entry: Record<string, unknown>;
  /** What is known of the lead besides: first_name, company, and attributes. */
  person: Record<string, string>;
  deeds: readonly Deed[];
  tell(at: Date, words: string): void;
  /** Where the mails can be read, when they are only captured. */
  opened(url: string | null): void;
  /** Resolves when somebody wants it to end before the way is over. */
  interrupted: Promise<void>;
  /** Stays after the end until it is interrupted, for reading the mails. */
  keep: boolean;
}

/**
 * Plays a campaign with one invented lead on the real engine, beside the workspace that runs: a database of its own on the same server, its
 * own task queue on the same Temporal, its own clock. Nothing is written in the workspace itself. Everything is removed at the end.
 */
export async function rehearse(given: Rehearsal): Promise<void> {
  const { config, log, to, deeds, tell } = given;
  const running = readRunning(resolve(config.TENDRIL_HOME));
  const databaseUrl = config.DATABASE_URL ?? running?.databaseUrl;
  const temporalAddress = config.TEMPORAL_ADDRESS ?? running?.temporalAddress;
  if (!databaseUrl || !temporalAddress)
    throw new Error('There is no instance to rehearse beside: start it (npm start), or set DATABASE_URL and TEMPORAL_ADDRESS');

  const original = await originalAt(databaseUrl);
  const shipped = await shippedTemplates();
  const templates = await shipped.with(original.documents.flatMap((one) => templateFileOf(one) ?? []));
  const campaign = redirected(checked(given.campaign, original, templates.has), to);
  const scratch = await createScratch(databaseUrl);
  const settings: Config = {
    ...config,
    TENDRIL_ENV: 'local',
    DATABASE_URL: scratch.url,
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_TASK_QUEUE: scratch.name,
    TEMPORAL_PREFIX: `${scratch.name}/`,
    TENDRIL_SECRET: randomBytes(32).toString('hex'),
    WEBHOOK_MODE: 'pretend',
    PORT: 0,
    CAPTURE_PORT: 0,
    WORKER_PORT: 0,
    SWEEP_EVERY: 5,
  };
  const tendril = createTendril({ config: settings, log, templates: shipped, roles: { api: true, worker: true } });
  let stopped = false;
  const interrupted = given.interrupted.then(() => void (stopped = true));
  try {
    const { pool, poke } = tendril;
    const campaignId = await setStage(pool, original, campaign, to);
    await pool.query('update workspace set clock_anchor_at = now(), clock_anchor_real = now(), clock_rate = $1, demo = false', [
      given.rate,
    ]);
    const { port, workerStarted } = await tendril.start();
    given.opened(config.carriers.marketing === 'capture' && port !== null ? `http://localhost:${port}/outbox` : null);
    await workerStarted;
    const leadId = await inTransaction(pool, async (tx) => {
      const lead = await inventLead(tx, { to, country: original.workspace.country, topic: campaign.topic, person: given.person });
      await addCandidate(tx, campaignId, lead, given.entry);
      return lead;
    });
    for (const loop of await nurtureLoops(pool, campaignId)) poke(loop);
    await play({ pool, poke, leadId, deeds, tell, stopped: () => stopped });
    if (given.keep) await interrupted;
  } finally {
    await tendril.stop();
    await clean(settings, temporalAddress);
    await scratch.drop();
  }
}

async function originalAt(databaseUrl: string): Promise<Original> {
  const pool = createPool({ connectionString: databaseUrl, max: 1, transactionTimeoutMs: 15_000, applicationName: 'tendril-rehearsal' });
  try {
    return await readOriginal(pool);
  } finally {
    await pool.end();
  }
}

function checked(given: Rehearsal['campaign'], { documents }: Original, hasTemplate: (key: string) => boolean): Campaign {
  const document = 'document' in given ? given.document : documents.find((one) => one.kind === 'campaign' && one.key === given.key)?.body;
  if (document === undefined) throw new Error(`There is no campaign '${(given as { key: string }).key}'`);
  const pools = documents.flatMap((one) => (one.kind === 'pools' ? (one.body as { key: string }[]).map(({ key }) => key) : []));
  const { campaign, findings } = lint(document, surroundingsOf(documents, hasTemplate, pools));
  if (campaign) return campaign;
  const errors = findings.filter(({ level }) => level === 'error').map(({ path, reason }) => `  ${path}: ${reason}`);
  throw new Error(`The campaign has errors:\n${errors.join('\n')}`);
}

/** Ends what is left of it on Temporal: its loops and its sweeper. */
async function clean(config: Config, temporalAddress: string): Promise<void> {
  const { client, close } = createTemporalClient({ ...config, TEMPORAL_ADDRESS: temporalAddress });
  try {
    const ends: Promise<unknown>[] = [client.schedule.getHandle(sweeperId(config.TEMPORAL_PREFIX)).delete()];
    const query = `WorkflowId STARTS_WITH '${config.TEMPORAL_PREFIX}' AND ExecutionStatus = 'Running'`;
    for await (const { workflowId } of client.workflow.list({ query }))
      ends.push(client.workflow.getHandle(workflowId).terminate('the rehearsal is over'));
    await Promise.allSettled(ends);
  } finally {
    await close();
  }
}
