import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { handOverAll } from '../../support/leaving.ts';
import { tendril } from '../../support/cli.ts';
import { addLeads, handToSales } from '../../support/sales.ts';
import { workspace } from '../../support/workspace.ts';

test('tendril rep and routing: who would get it by which rule, what other rules would have done, how far it is, who is away', async () => {
  const firm = await workspace({ reps: ['ana', 'ben'], at: '2026-11-23T09:00:00Z' });
  await firm.pool.query(
    `insert into account (name, owner_rep_id) select 'Firm ' || n, r.id from generate_series(1, 3) n, rep r where r.key = 'ana'`,
  );
  const env = { TENDRIL_URL: await firm.listen(), TENDRIL_API_KEY: firm.adminKey };
  expect((await firm.put('/v1/routing', { rules: [{ key: 'everybody', to: { rep: 'ben' } }] })).status).toBe(200);
  await handToSales(firm.pool, await addLeads(firm.pool, 1));
  const folder = await mkdtemp(join(tmpdir(), 'tendril-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'routing.yaml'), 'rules: [{ key: pool, to: { pool: sales } }]\n');
  const [preview, tried, away] = await Promise.all([
    tendril(['rep', 'offboard', 'ana', '--dry-run'], env),
    tendril(['routing', 'try', join(folder, 'routing.yaml')], env),
    tendril(['rep', 'away', 'ben', '--from', '2026-12-20', '--to', '2027-01-06'], env),
  ]);
  expect(preview.out).toContain('Ana has 3 accounts.');
  expect(preview.out).toMatch(/Ben +3 .*rule everybody/);
  expect(tried.out).toContain('Of 1 handed over since 2026-10-24, 1 would go elsewhere');
  expect(tried.out).toMatch(/ben \(sales\) by everybody +sales by pool +1/);
  expect(preview.out).toContain('Nothing has been done');
  expect(away.out).toContain('Ben is away from 2026-12-20');
  await firm.post('/v1/reps/ana/offboard', {});
  await handOverAll(firm, 'ana');
  const status = await tendril(['rep', 'offboard', 'ana', '--status'], env);
  expect([status.code, status.out]).toEqual([0, expect.stringContaining('Ana has left. Counted: nothing of theirs is left.')]);
});
