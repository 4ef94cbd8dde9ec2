import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createScoringActivities } from '../../../activities/scoring.ts';
import { putDocument } from '../../../db/documents.ts';
import { listenedTo, scoringDocument, scoringFirm } from '../../support/scoring.ts';

const DAY = 86_400_000;

test('an event gives points, and they fade from then on until the level is lost, at the very instant that was computed', async () => {
  const firm = await scoringFirm();
  const lead = await firm.lead();
  await firm.happened({ leadId: lead, name: 'pricing_viewed' }, { leadId: lead, name: 'pricing_viewed' });
  expect(await firm.rescore()).toEqual({ sleepMs: null });
  const warm = await firm.score(lead);
  expect(warm).toMatchObject({ fit: 'A', fitPoints: 70, engagement: 40, level: 'warm', qualified: false, model: 1 });
  // 40 points fade to 20 in one half-life of ten days.
  expect(warm.dueAt!.getTime() - warm.computedAt.getTime()).toBe(10 * DAY + 1);

  await firm.setClock(new Date(warm.dueAt!.getTime() - 1));
  await firm.rescore();
  expect(await firm.score(lead)).toMatchObject({ level: 'warm' });

  await firm.setClock(warm.dueAt!);
  await firm.rescore();
  expect(await firm.score(lead)).toMatchObject({ level: 'cold', dueAt: null });
  expect((await firm.journal(lead, 'scored')).map((row) => row.because['level'])).toMatchObject([
    { was: null, is: 'warm' },
    { was: 'warm', is: 'cold' },
  ]);
});

test('the level is kept between its two thresholds, whichever way it was come to', async () => {
  const firm = await scoringFirm();
  const [fell, rose] = [await firm.lead(), await firm.lead()];
  await firm.happened({ leadId: fell, name: 'pricing_viewed' }, { leadId: fell, name: 'pricing_viewed' });
  await firm.rescore();
  await firm.setClock('2026-03-07T09:00:00Z');
  // Half of a half-life later 28 points are left of 40; the other lead comes to 28 from below.
  await firm.happened({ leadId: fell, name: 'page_viewed' }, { leadId: rose, name: 'pricing_viewed' });
  await firm.rescore();
  expect(await firm.score(fell)).toMatchObject({ level: 'warm' });
  expect(await firm.score(rose)).toMatchObject({ level: 'cold' });
});

test('what spoke against a lead fades sooner, and the level rises by itself', async () => {
  const firm = await scoringFirm();
  const lead = await firm.lead();
  const [trial, jobs] = [
    { leadId: lead, name: 'form_submitted', properties: { form: 'trial' } },
    { leadId: lead, name: 'careers_viewed' },
  ];
  await firm.happened(trial, trial, jobs, jobs);
  await firm.rescore();
  const cold = await firm.score(lead);
  expect(cold).toMatchObject({ engagement: 20, level: 'cold' });

  await firm.setClock(cold.dueAt!);
  await firm.rescore();
  const warm = await firm.score(lead);
  expect(warm.level).toBe('warm');
  expect(warm.engagement).toBeCloseTo(30, 6);
});

test('a form is counted only when it is the one the rule names', async () => {
  const firm = await scoringFirm();
  const lead = await firm.lead();
  await firm.happened({ leadId: lead, name: 'form_submitted', properties: { form: 'newsletter' } });
  await firm.rescore();
  expect(await firm.score(lead)).toMatchObject({ engagement: 0, level: 'cold' });
});

test('a workspace without documents scores everybody D and cold, and nobody is kept waiting', async () => {
  const firm = await scoringFirm({ scoring: null, standard: null });
  const lead = await firm.lead();
  await firm.happened({ leadId: lead, name: 'pricing_viewed' });
  await firm.rescore();
  expect(await firm.score(lead)).toMatchObject({ fit: 'D', level: 'cold', model: 0 });
  expect(await firm.count('score_wake')).toBe(0);
});

test('the points of the stored explanation add up', async () => {
  const firm = await scoringFirm();
  const lead = await firm.lead();
  await firm.happened(
    { leadId: lead, name: 'pricing_viewed', at: new Date('2026-02-25T07:00:00Z') },
    { leadId: lead, name: 'careers_viewed' },
  );
  await firm.rescore();
  const { fitPoints, engagement, explanation } = await firm.score(lead);
  expect(explanation.fit.reduce((sum, rule) => sum + rule.points, 0)).toBe(fitPoints);
  expect(explanation.engagement.reduce((sum, rule) => sum + rule.points, 0)).toBeCloseTo(engagement, 12);
});

test('a wake of a lead that was erased meanwhile is taken away', async () => {
  const firm = await scoringFirm();
  const lead = await firm.lead();
  await firm.happened({ leadId: lead, name: 'page_viewed' });
  await firm.pool.query('delete from lead where id = $1', [lead]);
  expect(await firm.rescore()).toEqual({ sleepMs: null });
  expect(await firm.count('score_wake')).toBe(0);
});

test('a new version of the scoring document scores every lead anew', async () => {
  const firm = await scoringFirm();
  const leads = await Promise.all([firm.lead(), firm.lead()]);
  await firm.happened(...leads.map((leadId) => ({ leadId, name: 'page_viewed' })));
  await firm.rescore();
  await putDocument(firm.pool, 'scoring', 'default', {
    ...scoringDocument,
    fit: { ...scoringDocument.fit, grades: { A: 90, B: 70, C: 20 } },
  });
  expect(await firm.count('score_wake')).toBe(2);
  await firm.rescore();
  for (const lead of leads) expect(await firm.score(lead)).toMatchObject({ fit: 'B', model: 2 });
});

test('a range that the workspace no longer has is done; the loop sleeps until the next crossing on a running clock', async () => {
  const firm = await scoringFirm();
  const lead = await firm.lead();
  await firm.happened({ leadId: lead, name: 'pricing_viewed' }, { leadId: lead, name: 'pricing_viewed' });
  await firm.pool.query('update workspace set clock_rate = 8640');
  const look = await firm.rescore();
  // Ten days, at one day per ten seconds.
  expect(look).toEqual({ sleepMs: expect.closeTo(100_000, -4) as number });
  await firm.pool.query('update workspace set ranges = 2');
  expect(await firm.rescore()).toBe('done');
  expect(await firm.rescore({ from: 0, to: 127 })).not.toBe('done');
  expect(await firm.rescore({ from: 64, to: 191 })).toBe('done');
});

test('two thousand leads take a fixed number of statements a thousand', async () => {
  const firm = await scoringFirm();
  await firm.pool.query(
    `with l as (insert into lead (title) select 'Engineer ' || n from generate_series(1, 2000) n returning id)
     insert into event (lead_id, name, source) select id, 'pricing_viewed', 'test' from l, generate_series(1, 3)`,
  );
  await firm.pool.query('insert into score_wake (lead_id, slot) select id, slot from lead');
  const statements: string[] = [];
  const { rescore } = createScoringActivities({
    pool: listenedTo(firm.pool, (statement) => statements.push(statement)),
    poke: () => {},
    log: pino({ level: 'silent' }),
    lingering: { quietMs: 0, limitMs: 60_000 },
  });
  await rescore({ from: 0, to: 255 });
  expect(await firm.count(`lead_score where level = 'hot' and engagement = 60`)).toBe(2000);
  const batches = statements.filter((statement) => statement === 'commit').length;
  expect(batches).toBe(3);
  expect(statements.length).toBeLessThanOrEqual(14 * batches);
});
