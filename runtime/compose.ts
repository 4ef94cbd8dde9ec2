import type { Pool } from 'pg';
import type { Logger } from 'pino';
import { callChores } from '../activities/call-chores.ts';
import { chores } from '../activities/chores.ts';
import { createAttendance } from '../activities/attendance.ts';
import { createActivities } from '../activities/index.ts';
import { createThrottle } from '../activities/gates.ts';
import { reputationChores } from '../activities/reputation.ts';
import { inboundChores, type ReadBox } from '../activities/mailbox.ts';
import { createPlans } from '../activities/plans.ts';
import { dayChores } from '../activities/day-mail.ts';
import { offboardChores } from '../activities/offboard.ts';
import { draftChores } from '../activities/drafts.ts';
import { taskChores } from '../activities/tasks.ts';
import { toldChores } from '../activities/told-chores.ts';
import { createReadyWatch } from '../activities/ready.ts';
import { type Leaving, stillWanted } from '../activities/still-wanted.ts';
import { createApp } from '../api/app.ts';
import { storeCaptured } from '../db/captured-mail.ts';
import { storeLinks } from '../db/links.ts';
import { createPool, type Queryable } from '../db/pool.ts';
import { createPrisma } from '../db/prisma.ts';
import { dueLoops } from '../db/sweep.ts';
import { sendClasses } from '../domain/delivery/mail.ts';
import { deliveryOf, type Poke } from '../domain/loops.ts';
import { createDns } from '../messaging/dns/resolver.ts';
import { mailboxSettings } from '../messaging/inbound/imap.ts';
import { parseMailbox } from '../messaging/message.ts';
import type { Templates } from '../messaging/templates.ts';
import { createTrackedLinks } from '../messaging/tracked-links.ts';
import type { Transport } from '../messaging/transports/transport.ts';
import { postWebhookOf } from '../messaging/webhooks/settings.ts';
import type { Config } from './config.ts';
import { createTendrilWorker } from './create-worker.ts';
import { listen } from './listen.ts';
import { createLoopSignal } from './loop-signal.ts';
import { createMailTransport } from './mail-transport.ts';
import { createMetrics } from './metrics.ts';
import { createPoker } from './poke.ts';
import { createRestart } from './restart-loop.ts';
import { createTemporalClient } from './temporal-client.ts';
import { workspaceTemplates } from './templates.ts';

/** Each run of a sequence is a workflow of its own: a crowd of them must not keep everybody else waiting in Temporal. One that is there carries the others. */
const RUNS = { burst: 20, perSecond: 10 };

export interface TendrilOptions {
  /** With DATABASE_URL and TEMPORAL_ADDRESS filled in. */
  config: Config;
  log: Logger;
  /** Those that ship; the workspace's own are put in their place. */
  templates: Templates;
  /** What this process does. */
  roles: { api: boolean; worker: boolean };
  /** Who delivers mail, instead of whom the settings name. */
  transport?: Transport;
}

export interface Tendril {
  pool: Pool;
  poke: Poke;
  /** Answers a request without a socket; null where there is no api. */
  fetch: ((request: Request) => Response | Promise<Response>) | null;
  /** Listens and works. Resolves when the api listens; Temporal may be down. Answers the api's port. */
  start(): Promise<{ port: number | null; workerStarted: Promise<void> }>;
  /** Takes no more requests, lets the worker finish, closes what was opened, in this order. */
  stop(): Promise<void>;
}

/** Puts one process together: the only place where everything meets. Nothing is connected before it is used. */
export function createTendril({ config, log, templates: shipped, roles, transport: given }: TendrilOptions): Tendril {
  const { DATABASE_URL: databaseUrl, TEMPORAL_ADDRESS: temporalAddress } = config;
  const { TENDRIL_SECRET: secret } = config;
  if (!databaseUrl || !temporalAddress || !secret) throw new Error('DATABASE_URL, TEMPORAL_ADDRESS and TENDRIL_SECRET are needed');
  const settings = { ...config, TEMPORAL_ADDRESS: temporalAddress };
  const mail = { publicUrl: config.publicUrl, secret, inboundDomain: config.INBOUND_DOMAIN };
  const templates = workspaceTemplates(shipped, log);

  const closing: (() => Promise<unknown>)[] = [];
  const metrics = createMetrics();
  const temporal = createTemporalClient(settings);
  const names = { client: temporal.client, taskQueue: config.TEMPORAL_TASK_QUEUE, prefix: config.TEMPORAL_PREFIX };
  const signal = createLoopSignal(names);
  const poker = createPoker({ signal, log });
  const ofRuns = createPoker({ signal, log, pace: RUNS });
  const { poke, attend } = createAttendance(metrics.counted((loop) => (loop.kind === 'sequence' ? ofRuns : poker)(loop)));

  const poolOf = (name: string, max: number, transactionTimeoutMs: number) => {
    const pool = createPool({ connectionString: databaseUrl, max, transactionTimeoutMs, applicationName: `tendril-${name}` });
    closing.push(() => pool.end());
    return pool;
  };
  const pool = poolOf('api', roles.api ? config.DATABASE_POOL_API : 2, 15_000);

  function prismaOf(): ReturnType<typeof createPrisma> {
    const prisma = createPrisma(databaseUrl!, config.DATABASE_POOL_PRISMA);
    closing.push(() => prisma.$disconnect());
    return prisma;
  }

  const app = roles.api
    ? createApp({
        pool,
        prisma: prismaOf(),
        poke,
        config,
        log,
        templates,
        temporalReachable: () => temporal.reachable(),
        metrics: metrics.registry,
      })
    : null;

  function work() {
    const workerPool = poolOf('worker', config.DATABASE_POOL_WORKER, 50_000);
    const plans = createPlans();
    const sender = parseMailbox(config.MAIL_FROM)!;
    const transport = given ?? createMailTransport(config, { store: (mails) => storeCaptured(workerPool, mails), log });
    closing.push(() => transport.close());
    const delivery = {
      transport,
      rendering: {
        ...mail,
        trackedLinks: createTrackedLinks({ ...mail, hiddenLink: config.HIDDEN_LINK, store: (links) => storeLinks(workerPool, links) }),
        templates,
        from: sender,
        inboundDomain: config.INBOUND_DOMAIN,
      },
      throttle: createThrottle(),
      stillWanted: (tx: Queryable, mails: readonly Leaving[]) => stillWanted(tx, plans, mails),
    };
    const mailbox = mailboxOf(config);
    const deps = {
      ...delivery,
      pool: workerPool,
      poke,
      attend,
      log,
      mail,
      plans,
      ready: createReadyWatch({ pool: workerPool }),
      dueLoops,
      restart: createRestart({ ...names, signal }),
      chores: [
        ...chores,
        ...taskChores(mail),
        ...draftChores(mail),
        ...offboardChores,
        ...dayChores(mail),
        ...reputationChores({ from: sender, dns: createDns({ servers: config.DNS_SERVERS }), log }),
        ...callChores(config.CALLS_DAYS, config.WEBHOOK_DAYS),
        ...toldChores(config.DELIVERY_EVENTS_DAYS),
        ...inboundChores(mailbox, config.INBOUND_DAYS),
      ],
      mailbox,
      postWebhook: postWebhookOf(config, mail.secret),
    };
    const activities = (namespace: { showsCases: boolean }) => createActivities({ ...deps, ...namespace });
    return createTendrilWorker({ config: settings, client: temporal.client, activities, log });
  }

  let server: Awaited<ReturnType<typeof listen>> | undefined;
  let worker: ReturnType<typeof work> | undefined;

  return {
    pool,
    poke,
    fetch: app ? (request) => app.fetch(request) : null,
    async start() {
      if (app) server = await listen((request) => app.fetch(request), { port: config.PORT, host: config.HOST });
      if (roles.worker) {
        worker = work();
        // Awake before the first case: behind the first tasks of many cases a lane would be started only seconds later.
        void worker.started.then(() => deliveryOf(sendClasses).forEach(poke));
      }
      return { port: server?.port ?? null, workerStarted: worker?.started ?? Promise.resolve() };
    },
    async stop() {
      await server?.close();
      await worker?.stop();
      await Promise.all([poker.close(), ofRuns.close()]);
      await temporal.close();
      await Promise.all(closing.map((close) => close()));
    },
  };
}

function mailboxOf({ IMAP_URL: url, IMAP_EVERY: seconds, INBOUND_LIMIT: limit }: Config): ReadBox {
  return { settings: url ? mailboxSettings(url) : null, everyMs: seconds * 1_000, limit };
}
