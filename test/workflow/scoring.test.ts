import { expect, test } from 'vitest';
import { inTransaction } from '../../db/pool.ts';
import { happen, scoringDocument, standardDocument, START } from '../support/scoring.ts';
import { workspace } from '../support/workspace.ts';

test('the loop scores what is poked, sleeps, and is there when points have faded', async () => {
  const firm = await workspace({
    documents: { scoring: { default: scoringDocument }, standard: { default: standardDocument } },
    at: START,
  });
  await firm.startWorker();
  const { rows } = await firm.pool.query<{ id: string }>(`insert into lead (title) values ('Engineer') returning id`);
  const lead = rows[0]!.id;
  const loop = { kind: 'scoring', from: 0, to: 255 } as const;
  const level = async () => (await firm.pool.query<{ level: string }>('select level from lead_score')).rows[0]?.level;
  const view = { leadId: lead, name: 'pricing_viewed' };

  await inTransaction(firm.pool, (tx) => happen(tx, view, view));
  firm.poke(loop);
  await expect.poll(level, { timeout: 20_000 }).toBe('warm');

  // Nobody pokes for this one: the activity is lingering and finds it.
  await inTransaction(firm.pool, (tx) => happen(tx, view));
  await expect.poll(level, { timeout: 20_000 }).toBe('hot');

  const { rows: due } = await firm.pool.query<{ at: Date }>('select due_at as at from lead_score');
  await firm.freeze(due[0]!.at);
  firm.poke(loop);
  await expect.poll(level, { timeout: 20_000 }).toBe('warm');
});
