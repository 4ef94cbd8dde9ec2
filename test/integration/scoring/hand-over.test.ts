import { expect, test } from 'vitest';
import { scoringFirm } from '../../support/scoring.ts';

const looks = (leadId: string, times: number) => Array.from({ length: times }, () => ({ leadId, name: 'pricing_viewed' }));

test('a lead that newly meets the standard is an MQL and in the hands of sales, with the reason', async () => {
  const firm = await scoringFirm();
  const lead = await firm.lead();
  await firm.happened(...looks(lead, 3));
  await firm.rescore();

  expect(await firm.score(lead)).toMatchObject({ fit: 'A', level: 'hot', qualified: true });
  const { rows } = await firm.pool.query(
    'select o.state, o.source, o.because, l.stage, p.key as pool from opportunity o join lead l on l.id = o.lead_id join pool p on p.id = o.pool_id',
  );
  expect(rows).toMatchObject([
    {
      state: 'queued',
      source: 'score',
      stage: 'mql',
      pool: 'inside',
      because: { rule: 'standard', fit: 'A', engagement: 60, level: 'hot' },
    },
  ]);
  expect(rows[0].because.words).toEqual(['fit ≥ B (is A)', 'level is hot (is hot)']);
  expect(firm.poked.filter((loop) => loop.kind === 'qualification')).toHaveLength(1);
});

test('it happens once: scored again, or met again while sales has the lead, nothing is handed over', async () => {
  const firm = await scoringFirm();
  const lead = await firm.lead();
  await firm.happened(...looks(lead, 3));
  await firm.rescore();
  await firm.rescore();
  await firm.setClock('2026-05-02T09:00:00Z');
  await firm.rescore();
  expect(await firm.score(lead)).toMatchObject({ qualified: false, level: 'cold' });
  await firm.happened(...looks(lead, 4));
  await firm.rescore();
  expect(await firm.score(lead)).toMatchObject({ qualified: true });
  expect(await firm.count('opportunity')).toBe(1);
});

test('leads made for testing, customers and the disqualified are never handed over', async () => {
  const firm = await scoringFirm();
  const leads = [await firm.lead({ test: true }), await firm.lead({ stage: 'customer' }), await firm.lead({ stage: 'disqualified' })];
  await firm.happened(...leads.flatMap((lead) => looks(lead, 3)));
  await firm.rescore();
  for (const lead of leads) expect(await firm.score(lead)).toMatchObject({ qualified: true });
  expect(await firm.count('opportunity')).toBe(0);
});

test('rejected for now: not handed over before the date, and on the date by itself if the standard is still met', async () => {
  const firm = await scoringFirm();
  const lead = await firm.lead();
  await firm.happened(...looks(lead, 3));
  await firm.rescore();
  await firm.pool.query(
    `update opportunity set state = 'recycled', closed_at = clock(), next_look_at = null, resume_at = '2026-03-04T09:00:00Z', rejected_reason = 'not_now'`,
  );
  await firm.pool.query(`update lead set stage = 'lead' where id = $1`, [lead]);
  await firm.happened(...looks(lead, 1));
  await firm.rescore();
  expect(await firm.count('opportunity')).toBe(1);
  expect((await firm.score(lead)).dueAt).toEqual(new Date('2026-03-04T09:00:00Z'));

  await firm.setClock('2026-03-04T09:00:00Z');
  await firm.rescore();
  await firm.rescore();
  expect(await firm.count('opportunity')).toBe(2);
});

test('rejected for good reasons, a lead comes back only when it newly meets the standard', async () => {
  const firm = await scoringFirm();
  const lead = await firm.lead();
  await firm.happened(...looks(lead, 3));
  await firm.rescore();
  await firm.pool.query(`update opportunity set state = 'rejected', closed_at = clock(), next_look_at = null`);
  await firm.happened(...looks(lead, 1));
  await firm.rescore();
  expect(await firm.count('opportunity')).toBe(1);
  await firm.setClock('2026-05-02T09:00:00Z');
  await firm.rescore();
  await firm.happened(...looks(lead, 4));
  await firm.rescore();
  expect(await firm.count('opportunity')).toBe(2);
});
