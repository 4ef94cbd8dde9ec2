import { expect, test } from 'vitest';
import { loadActive, lockById, markFailed, writePositions } from '../../../db/enrolments.ts';
import { settle } from '../../../db/ledger.ts';
import { inTransaction, type Queryable } from '../../../db/pool.ts';
import { wakeHeld } from '../../../db/turns.ts';
import { wakeEnrolments, wakeLeads } from '../../../db/wakes.ts';
import { emptyLedger } from '../../support/delivery.ts';

const database = emptyLedger();
const PEOPLE = 1_000;

interface PlanNode {
  'Index Name'?: string;
  Plans?: PlanNode[];
}

const under = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(under)];

test('a list that enters while the statistics are of yesterday, when nobody was active: rows are looked up by their ids all the same', async () => {
  const { pool } = database;
  await pool.query(
    `with version as (select gen_random_uuid() as campaign_id, gen_random_uuid() as id),
     people as (insert into lead (email) select 'p' || n || '@firm.example' from generate_series(1, $1::int) n returning id, slot)
     insert into enrolment (campaign_id, version_id, lead_id, slot, step_id, arrived_at, entered_at, state, ended_at)
     select v.campaign_id, v.id, p.id, p.slot, 'last', clock(), clock(), 'completed', clock() from people p, version v`,
    [PEOPLE],
  );
  await pool.query('analyze enrolment');
  const { rows } = await pool.query<{ id: string; leadId: string }>(
    `insert into enrolment (campaign_id, version_id, lead_id, slot, step_id, arrived_at, entered_at, due_at)
     select campaign_id, version_id, lead_id, slot, 'first', clock(), clock(), clock() from enrolment returning id, lead_id as "leadId"`,
  );
  const ids = rows.map(({ id }) => id);
  const moved = (await loadActive(pool, ids)).map((enrolment) => ({
    enrolment,
    decision: {
      position: { stepId: 'next', arrivedAt: new Date(), waiting: null },
      dueAt: new Date(),
      ended: null,
      goalAt: null,
      journal: [],
      effects: [],
    },
  }));
  expect(moved.length).toBe(PEOPLE);

  const accepted = ids.map((id) => ({ id, outcome: 'accepted' as const, reason: null, providerId: null, afterMs: null }));
  const statements: Record<string, (tx: Queryable) => Promise<unknown>> = {
    loadActive: (tx) => loadActive(tx, ids),
    lockById: (tx) => lockById(tx, ids),
    writePositions: (tx) => writePositions(tx, moved),
    markFailed: (tx) =>
      markFailed(
        tx,
        ids.map((id) => ({ id, error: 'no' })),
      ),
    settle: (tx) => settle(tx, ids[0]!, accepted),
    wakeEnrolments: (tx) => wakeEnrolments(tx, ids),
    wakeLeads: (tx) =>
      wakeLeads(
        tx,
        rows.map(({ leadId }) => leadId),
      ),
    wakeHeld: (tx) => wakeHeld(tx, ids),
  };
  const indexes: Record<string, string[]> = {};
  for (const [name, run] of Object.entries(statements)) {
    const used = new Set<string>();
    await inTransaction(
      pool,
      async (tx) => {
        const explaining = {
          async query(text: string, values: unknown[]) {
            const { rows: plans } = await tx.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(`explain (format json) ${text}`, values);
            for (const node of under(plans[0]!['QUERY PLAN'][0]!.Plan))
              if (node['Index Name']?.startsWith('enrolment_')) used.add(node['Index Name']);
            return { rows: [], rowCount: PEOPLE };
          },
        };
        await run(explaining as unknown as Queryable);
      },
      { byKey: true },
    );
    indexes[name] = [...used].toSorted();
  }
  expect(indexes).toEqual({
    loadActive: ['enrolment_pkey'],
    lockById: ['enrolment_pkey'],
    writePositions: ['enrolment_pkey'],
    markFailed: ['enrolment_pkey'],
    settle: ['enrolment_pkey'],
    wakeEnrolments: ['enrolment_pkey'],
    wakeLeads: ['enrolment_lead'],
    wakeHeld: ['enrolment_lead', 'enrolment_pkey'],
  });
});
