import type { Pool, PoolClient } from 'pg';
import { pino } from 'pino';
import { onTestFinished } from 'vitest';
import { createScoringActivities } from '../../activities/scoring.ts';
import { putDocument } from '../../db/documents.ts';
import { type NewEvent, storeEvents } from '../../db/events.ts';
import { inTransaction } from '../../db/pool.ts';
import { lockLeads } from '../../db/wakes.ts';
import type { Loop } from '../../domain/loops.ts';
import { createDatabase } from './database.ts';

/** Manufacturers fit, whoever looks at prices is engaged: 20 points a look, half gone in ten days. */
export const scoringDocument = {
  fit: {
    rules: [
      { id: 'industry', when: { 'account.industry': 'chemicals' }, points: 40 },
      { id: 'engineer', when: { 'lead.title': { contains: 'engineer' } }, points: 30 },
    ],
    grades: { A: 60, B: 40, C: 20 },
  },
  engagement: {
    rules: [
      { id: 'saw-prices', event: 'pricing_viewed', points: 20, halfLife: '10d', cap: 80 },
      { id: 'trial', event: 'form_submitted', where: { form: 'trial' }, points: 35, halfLife: '20d' },
      { id: 'jobs', event: 'careers_viewed', points: -25, halfLife: '5d' },
    ],
    levels: [
      { key: 'warm', up: 30, down: 20 },
      { key: 'hot', up: 60, down: 45 },
    ],
  },
};

export const standardDocument = {
  mql: { fit: { gte: 'B' }, level: 'hot' },
  pool: 'inside',
  reasons: { not_now: { follows: 'recycle', label: 'Not now', after: '30d' }, junk: { follows: 'disqualify', label: 'Junk' } },
};

export const START = '2026-03-02T09:00:00Z';
const WHOLE = { from: 0, to: 255 };

/** A database with a scoring document and a standard, its clock frozen, and a scoring loop's activity to call by hand. */
export async function scoringFirm({
  scoring = scoringDocument,
  standard = standardDocument,
}: { scoring?: object | null; standard?: object | null } = {}) {
  const { pool, url, drop } = await createDatabase();
  onTestFinished(drop);
  await setClock(START);
  if (scoring) await putDocument(pool, 'scoring', 'default', scoring);
  if (standard) await putDocument(pool, 'standard', 'default', standard);
  await pool.query(`insert into pool (key, name) values ('inside', 'Inside sales')`);
  const poked: Loop[] = [];
  const { rescore } = createScoringActivities({
    pool,
    poke: (loop) => poked.push(loop),
    log: pino({ level: 'silent' }),
    lingering: { quietMs: 0 },
  });

  async function setClock(at: string | Date): Promise<void> {
    await pool.query('update workspace set clock_anchor_at = $1, clock_anchor_real = now(), clock_rate = 0', [at]);
  }

  return {
    pool,
    url,
    poked,
    setClock,
    rescore: (range = WHOLE) => rescore(range),
    /** A lead of a chemicals firm, an engineer unless told otherwise: fit A. Answers its id. */
    async lead({ title = 'Plant engineer', industry = 'chemicals', test = false, stage = 'lead' } = {}): Promise<string> {
      const { rows } = await pool.query<{ id: string }>(
        `with a as (insert into account (name, attributes) values ('Firm', jsonb_build_object('industry', $2::text)) returning id)
         insert into lead (title, test, stage, account_id) select $1, $3, $4, id from a returning id`,
        [title, industry, test, stage],
      );
      return rows[0]!.id;
    },
    happened: (...events: Pick<NewEvent, 'leadId' | 'name' | 'properties' | 'at'>[]) => inTransaction(pool, (tx) => happen(tx, ...events)),
    async score(leadId: string) {
      const { rows } = await pool.query<StoredScore>(
        `select fit, fit_points as "fitPoints", engagement, level, qualified, model, explanation, due_at as "dueAt", computed_at as "computedAt"
           from lead_score where lead_id = $1`,
        [leadId],
      );
      return rows[0]!;
    },
    async journal(leadId: string, kind: string): Promise<{ because: Record<string, unknown> }[]> {
      return (
        await pool.query<{ because: Record<string, unknown> }>(
          'select because from journal where lead_id = $1 and kind = $2 order by at, id',
          [leadId, kind],
        )
      ).rows;
    },
    async count(sql: string, ...values: unknown[]): Promise<number> {
      return (await pool.query<{ n: number }>(`select count(*)::int as n from ${sql}`, values)).rows[0]!.n;
    },
  };
}

export interface StoredScore {
  fit: string;
  fitPoints: number;
  engagement: number;
  level: string;
  qualified: boolean;
  model: number;
  explanation: { fit: { points: number }[]; engagement: { points: number }[] };
  dueAt: Date | null;
  computedAt: Date;
}

/** Stores events as intake does: under the locks of their leads. */
export async function happen(tx: PoolClient, ...events: Pick<NewEvent, 'leadId' | 'name' | 'properties' | 'at'>[]): Promise<void> {
  await lockLeads(tx, [...new Set(events.flatMap((event) => event.leadId ?? []))].toSorted());
  await storeEvents(
    tx,
    events.map((event) => ({ source: 'test', ...event })),
  );
}

/** The same pool, telling each statement that goes through it. */
export function listenedTo(pool: Pool, tell: (statement: string) => void): Pool {
  const told = <T extends { query: unknown }>(target: T): T =>
    new Proxy(target, {
      get(of, name) {
        const value = Reflect.get(of, name, of) as unknown;
        if (typeof value !== 'function') return value;
        if (name === 'query')
          return (statement: string, ...rest: unknown[]) => (
            tell(statement),
            (value as (...all: unknown[]) => unknown).call(of, statement, ...rest)
          );
        if (name === 'connect') return async () => told(await (value as () => Promise<{ query: unknown }>).call(of));
        return value.bind(of) as unknown;
      },
    });
  return told(pool);
}
