import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createScoringActivities } from '../../../activities/scoring.ts';
import { inTransaction } from '../../../db/pool.ts';
import type { ScoreExplained } from '../../../domain/scoring/explain.ts';
import { happen, scoringDocument, standardDocument, START } from '../../support/scoring.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const documents = { scoring: { default: scoringDocument }, standard: { default: standardDocument } };

async function engineer(firm: Workspace): Promise<string> {
  const { rows } = await firm.pool.query<{ id: string }>(
    `with l as (insert into lead (email, title) values ('mei@huadong.example', 'Maintenance engineer') returning id)
     insert into lead_identity (kind, value, lead_id) select 'email', 'mei@huadong.example', id from l returning lead_id as id`,
  );
  return rows[0]!.id;
}

async function tell(answer: Promise<Response>): Promise<ScoreExplained> {
  return (await (await answer).json()) as ScoreExplained;
}

test('every point is told, and they add up', async () => {
  const firm = await workspace({ documents, at: START });
  const lead = await engineer(firm);
  const view = { leadId: lead, name: 'pricing_viewed' };
  await inTransaction(firm.pool, (tx) =>
    happen(tx, view, view, view, view, view, { leadId: lead, name: 'careers_viewed', at: new Date('2026-02-25T09:00:00Z') }),
  );

  const answer = await firm.get('/v1/leads/mei@huadong.example/score');
  expect(answer.status).toBe(200);
  const told = (await answer.json()) as ScoreExplained;
  expect(told).toMatchObject({ leadId: lead, at: '2026-03-02T09:00:00.000Z', computedAt: null, pending: true, model: 1 });
  expect(told.fit).toMatchObject({ grade: 'C', points: 30, words: 'Fit C: 30 points; B from 40.' });
  expect(told.fit.rules).toMatchObject([
    { rule: 'industry', held: false, given: 0, seen: [{ held: false, value: null, words: 'account.industry is chemicals (not known)' }] },
    {
      rule: 'engineer',
      held: true,
      given: 30,
      words: 'engineer: 30 points, because lead.title contains engineer (is Maintenance engineer).',
    },
  ]);
  expect(told.engagement).toMatchObject({ points: 67.5, level: 'hot' });
  expect(told.engagement.rules).toMatchObject([
    {
      rule: 'saw-prices',
      count: 5,
      earned: 100,
      faded: 100,
      capped: true,
      given: 80,
      words: 'saw-prices: 5 × pricing_viewed at 20 points, faded to 100, held at 80 by its cap.',
    },
    { rule: 'trial', count: 0, given: 0, words: 'trial: no form_submitted yet.' },
    { rule: 'jobs', count: 1, earned: -25, faded: -12.5, given: -12.5 },
  ]);
  expect(told.engagement.rules.reduce((sum: number, rule: { given: number }) => sum + rule.given, 0)).toBeCloseTo(
    told.engagement.points,
    12,
  );
  expect(told.engagement.nextCrossing).toMatchObject({ level: 'warm' });
  expect(told.engagement.words).toMatch(
    /^Engagement 67.5: hot. If nothing happens the level is warm from \d+ March 2026, \d\d:\d\d UTC\.$/,
  );
  expect(told.standard).toMatchObject({
    met: false,
    missing: ['fit ≥ B (is C)'],
    words: 'The qualification standard is not met; missing: fit ≥ B (is C).',
  });
});

test('once the loop has looked, the answer agrees with what it stored, and the crossing it foretells comes true', async () => {
  const firm = await workspace({ documents, at: START });
  const lead = await engineer(firm);
  const { rescore } = createScoringActivities({
    pool: firm.pool,
    poke: () => {},
    log: pino({ level: 'silent' }),
    lingering: { quietMs: 0 },
  });
  await inTransaction(firm.pool, (tx) => happen(tx, { leadId: lead, name: 'pricing_viewed' }, { leadId: lead, name: 'pricing_viewed' }));
  await rescore({ from: 0, to: 255 });

  const told = await tell(firm.get(`/v1/leads/${lead}/score`));
  const { rows } = await firm.pool.query('select engagement, level, fit, due_at as "dueAt" from lead_score');
  expect(told).toMatchObject({
    pending: false,
    computedAt: '2026-03-02T09:00:00.000Z',
    fit: { grade: rows[0].fit },
    engagement: { points: rows[0].engagement, level: rows[0].level },
  });
  const next = told.engagement.nextCrossing!;
  expect(next.at).toBe(rows[0].dueAt.toISOString());

  await firm.freeze(next.at);
  const later = await tell(firm.get(`/v1/leads/${lead}/score`));
  expect(later.engagement).toMatchObject({ level: 'cold', points: next.engagement });
});

test('a workspace without documents says so and gives nobody points', async () => {
  const firm = await workspace();
  const lead = await engineer(firm);
  const told = await tell(firm.get(`/v1/leads/${lead}/score`));
  expect(told).toMatchObject({
    model: 0,
    standard: null,
    fit: { grade: 'D', rules: [] },
    engagement: { points: 0, level: 'cold', nextCrossing: null, rules: [] },
  });
});
