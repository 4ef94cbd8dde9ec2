import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import autocannon from 'autocannon';
import { putDocument } from '../db/documents.ts';
import { freePort } from '../runtime/local/free-port.ts';
import { topics } from './support/campaign.ts';
import { deploy, type Memory, type Services, until } from './support/deployment.ts';
import { answers, form, formCampaign } from './support/forms.ts';
import { run } from './support/run.ts';

export interface FormsResult {
  /** Visitors at once: so many connections, each with a form under way. */
  connections: number;
  /** Forms a second: everything running as in production, the api alone (its worker stopped), the bare handler. */
  all: number;
  alone: number;
  bare: number;
  memory: Memory;
}

interface Load {
  connections: number;
  seconds: number;
}

/** Forms a second of POST /f/{form}, each a new person, against a handler that inserts one row; all on the same Postgres. */
export async function benchForms(services: Services, connections: readonly number[], seconds: number): Promise<FormsResult[]> {
  const found: FormsResult[] = [];
  for (const one of connections) {
    const load = { connections: one, seconds };
    const bare = await measureBare(services, load);
    const alone = await measureOurs(services, load, { worker: false });
    const all = await measureOurs(services, load, { worker: true });
    found.push({ connections: one, all: all.perSecond, alone: alone.perSecond, bare, memory: all.memory });
  }
  return found;
}

async function measureOurs(
  services: Services,
  load: Load,
  { worker }: { worker: boolean },
): Promise<{ perSecond: number; memory: Memory }> {
  const firm = await deploy(services, worker ? {} : { worker: null });
  try {
    await putDocument(firm.pool, 'topics', 'default', topics);
    await putDocument(firm.pool, 'form', form.key, form);
    await firm.must('/v1/campaigns', formCampaign);
    await firm.must(`/v1/campaigns/${formCampaign.key}/launch`, {});
    const perSecond = await fire(`${firm.url}/f/${form.key}`, load);
    return { perSecond, memory: await firm.memory() };
  } finally {
    await firm.stop();
  }
}

async function measureBare(services: Services, load: Load): Promise<number> {
  const firm = await deploy(services, { worker: null });
  await firm.pool.query(
    'create table bare_form (id uuid primary key default uuidv7(), at timestamptz not null default now(), email text not null, body jsonb not null)',
  );
  const port = await freePort();
  const bare = run('bench/baseline/bare.ts', { DATABASE_URL: firm.settings['DATABASE_URL']!, PORT: String(port) });
  try {
    const url = `http://127.0.0.1:${port}`;
    await until(async () => (await fetch(`${url}/readyz`).catch(() => null))?.ok === true, 30_000, 'the bare handler');
    return await fire(`${url}/f`, load);
  } finally {
    bare.kill('SIGTERM');
    await once(bare, 'exit');
    await firm.stop();
  }
}

/** Submissions a second, each of another person, after two seconds to get warm. */
async function fire(url: string, { connections, seconds }: Load): Promise<number> {
  await shoot(url, { connections, seconds: 2 }, 'warm');
  return shoot(url, { connections, seconds }, 'firm');
}

async function shoot(url: string, { connections, seconds }: Load, prefix: string): Promise<number> {
  let n = 0;
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: [
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        setupRequest: (request) => ({ ...request, body: JSON.stringify(answers(prefix, n++)) }),
      },
    ],
  });
  // What was under way when time was up is let finish.
  await pause(500);
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${url}: ${result.non2xx} refused, ${result.errors} failed`);
  return result['2xx'] / result.duration;
}
