import type { Pool } from 'pg';
import { putDocument } from '../../../db/documents.ts';
import { inTransaction } from '../../../db/pool.ts';
import { putPool } from '../../../db/pools.ts';
import { putReps } from '../../../db/reps.ts';
import { slaDocument } from '../../../domain/sla/document.ts';
import { type Workspace, workspace } from '../workspace.ts';
import { POOLS, ROUTING, SLA } from './documents.ts';

/** A Tuesday morning in the office. */
const BEGIN = '2026-11-24T09:00:00Z';
export const OWN = ['ana', 'ben', 'cleo'] as const;
export const PARTNERS = ['pia', 'pat'] as const;
const LANGUAGES: Record<string, string[]> = { ana: ['de'], ben: ['en', 'de'], cleo: ['en'] };
const HOURS = { days: 'mon-fri', from: '09:00', to: '17:00' } as const;

/** What the model remembers of a run, beside what the database says. */
export interface Seen {
  /** By opportunity: how it stood when it was last looked at. */
  cases: Map<string, { epoch: number; owner: string | null; state: string }>;
  /** Every offer that was made: what its link says. */
  links: { id: string; epoch: number; rep: string }[];
  offers: Set<string>;
  leads: number;
}

export interface Firm extends Workspace {
  seen: Seen;
}

/** The firm whose salespeople come and go; its clock stands still but for the jumps. */
export async function salesFirm(): Promise<Firm> {
  return Object.assign(await workspace({ at: BEGIN }), { seen: nothing() });
}

const nothing = (): Seen => ({ cases: new Map(), links: [], offers: new Set(), leads: 0 });

/** The rep as they are put, with what a move may change. */
export const repOf = (key: string, capacity: { open?: number; perDay?: number } | null = null) => ({
  key,
  name: key,
  email: `${key}@firm.example`,
  timezone: key === 'ben' ? 'America/New_York' : 'Europe/Berlin',
  hours: HOURS,
  languages: LANGUAGES[key] ?? [],
  skills: key === 'cleo' ? ['pumps'] : [],
  capacity,
  ...((PARTNERS as readonly string[]).includes(key) && { partner: 'Nordic Pumps' }),
});

/** Everything as on the first day: one database serves all runs. */
export async function beginAnew(firm: Firm): Promise<void> {
  const { pool } = firm;
  firm.seen = nothing();
  await forgetAll(pool);
  await pool.query(`update workspace set clock_anchor_at = $1, clock_anchor_real = now(), clock_rate = 0`, [BEGIN]);
  await inTransaction(pool, async (tx) => {
    await putReps(
      tx,
      [...OWN, ...PARTNERS].map((key) => repOf(key)),
    );
    await putReps(tx, [{ ...repOf('mia'), manager: true }]);
    for (const [key, [first]] of Object.entries(POOLS)) await putPool(tx, { key, ...first! });
    await tx.query(
      `insert into account (name, domain, owner_rep_id)
       select 'Firm ' || n, 'firm-' || n || '.example', (select id from rep where key = case n when 0 then 'ana' when 1 then 'ben' end) from generate_series(0, 4) n`,
    );
  });
  await putDocument(pool, 'routing', 'default', ROUTING[0]!);
  await putDocument(pool, 'sla', 'default', slaDocument.parse(SLA[0]));
}

const KEPT = ['workspace', 'api_key', '_prisma_migrations'];

/** Deleting a few rows of every table is many times faster than truncating the tables. */
async function forgetAll(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `select format('%I', relname) as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> all ($1)`,
    [KEPT],
  );
  const all = rows.map(({ name }) => `delete from ${name};`).join('\n');
  await pool.query(`begin; set local session_replication_role = replica; ${all} commit`);
}
