import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from 'pino';
import { createMailReaders } from './mail-readers.ts';
import { script, type Visit } from './script.ts';

export interface TrafficOptions {
  /** Where the API listens. */
  url: string;
  adminKey: string;
  log: Logger;
}

/**
 * Simulated visitors of the demo, for some four minutes: they post forms, visit pages, click in captured mails; the reps answer their
 * offers, but for one who lets the first lie. Everything goes through the public HTTP API. Answers how to stop it; it also ends by itself.
 */
export function startTraffic({ url, adminKey, log }: TrafficOptions): { stop(): Promise<void> } {
  const stopping = new AbortController();
  const { signal } = stopping;

  async function call(path: string, body?: object, method: 'POST' | 'PATCH' = 'POST', key = adminKey): Promise<Response> {
    const headers: Record<string, string> = { authorization: `Bearer ${key}`, 'user-agent': 'tendril-demo' };
    if (body === undefined) return fetch(new URL(path, url), { headers, redirect: 'manual', signal });
    if (body instanceof URLSearchParams) return fetch(new URL(path, url), { method, headers, body, redirect: 'manual', signal });
    headers['content-type'] = 'application/json';
    return fetch(new URL(path, url), { method, headers, body: JSON.stringify(body), redirect: 'manual', signal });
  }

  async function ingestKey(): Promise<string> {
    const answer = await call('/v1/keys', { name: 'demo traffic', scopes: ['ingest'] });
    return ((await answer.json()) as { key: string }).key;
  }

  async function visit(one: Visit, key: string): Promise<void> {
    if ('form' in one) await call(`/f/${one.form}`, one.fields, 'POST', key);
    else {
      await call('/v1/identify', { userId: one.email, traits: { email: one.email } }, 'POST', key);
      await call('/v1/track', { userId: one.email, event: one.event, properties: one.properties ?? {} }, 'POST', key);
    }
  }

  async function run(): Promise<void> {
    const key = await ingestKey();
    const readers = createMailReaders({ call });
    const begun = Date.now();
    const visits = script();
    const last = visits.at(-1)!.at;
    for (let second = 0; second <= last && !signal.aborted; second = (Date.now() - begun) / 1000) {
      while (visits[0] && visits[0].at <= second) await visit(visits.shift()!, key);
      await readers.look();
      await pause(1_000, undefined, { signal });
    }
    log.info('the simulated visitors have gone home');
  }

  const running = run().catch((error: Error) => {
    if (!signal.aborted) log.warn({ reason: error.message }, 'the simulated visitors stopped early');
  });
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
