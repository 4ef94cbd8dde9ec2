import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createScoringActivities } from '../../../activities/scoring.ts';
import { createSegmentActivities } from '../../../activities/segments.ts';
import { dueLoops } from '../../../db/sweep.ts';
import type { Loop } from '../../../domain/loops.ts';
import { campaignOf, launch, topics } from '../../support/campaigns.ts';
import { look } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const START = '2026-03-02T09:00:00Z';
const person = (name: string) => ({ email: `${name}@huadong.example` });

/** The loops that know a segment's members, called as the functions they are. */
function keeping({ pool }: Workspace) {
  const poked: Loop[] = [];
  const deps = { pool, poke: (loop: Loop) => void poked.push(loop), log: pino({ level: 'silent' }), lingering: { quietMs: 0 } };
  const { keepSegments } = createSegmentActivities(deps);
  const { rescore } = createScoringActivities(deps);
  return { poked, keepSegments, rescore: () => rescore({ from: 0, to: 255 }) };
}

/** Who is or was in a campaign, by the first part of their address. */
async function inside({ pool }: Workspace, campaign: string): Promise<string[]> {
  const { rows } = await pool.query<{ name: string }>(
    `select split_part(l.email, '@', 1) as name from enrolment e join campaign c on c.id = e.campaign_id join lead l on l.id = e.lead_id where c.key = $1 order by 1`,
    [campaign],
  );
  return rows.map((row) => row.name);
}

const steps = [{ id: 'w', wait: '90d' }];

test('whoever comes into a segment enters; those in it at launch only where the campaign says so, and at its pace', async () => {
  const firm = await workspace({ at: START, documents: topics });
  const { keepSegments, rescore, poked } = keeping(firm);
  expect(await firm.put('/v1/segments/keen', { condition: { event: 'pricing_viewed', count: { gte: 2 } } })).toHaveStatus(200);
  for (let i = 0; i < 2; i++) await happen(firm.pool, 'pricing_viewed', [person('ana'), person('ben'), person('cem')]);
  await happen(firm.pool, 'pricing_viewed', [person('dora')]);
  await rescore();

  await launch(firm, campaignOf({ key: 'all', entry: { segment: 'keen', atLaunch: 'include', rate: '2/h' }, steps }));
  await launch(firm, campaignOf({ key: 'new', entry: { segment: 'keen' }, steps }));
  await keepSegments();
  await look(firm, 'all');
  await look(firm, 'new');
  expect(await inside(firm, 'all'), 'the first of two an hour').toEqual(['ana']);
  expect(await inside(firm, 'new')).toEqual([]);

  await happen(firm.pool, 'pricing_viewed', [person('dora')]);
  await rescore();
  expect(poked).toContainEqual(expect.objectContaining({ kind: 'nurture' }));
  await look(firm, 'new');
  expect(await inside(firm, 'new'), 'at once').toEqual(['dora']);

  await firm.jump('5m');
  await keepSegments();
  expect(await firm.jumpToNext()).toBe(true);
  expect(await firm.now()).toEqual(new Date('2026-03-02T09:30:00Z'));
  expect((await look(firm, 'all')).look).toEqual({ sleepMs: null });
  expect(await inside(firm, 'all')).toEqual(['ana', 'ben']);
  await firm.jump('1h');
  await look(firm, 'all');
  expect(await inside(firm, 'all'), 'dora after those who were there before her').toEqual(['ana', 'ben', 'cem', 'dora']);

  await launch(
    firm,
    campaignOf({ key: 'all', entry: { segment: 'keen', atLaunch: 'include' }, reentry: 'always', steps: [{ id: 'w', wait: '80d' }] }),
  );
  await keepSegments();
  await look(firm, 'all');
  expect(await inside(firm, 'all'), 'a newer version takes nobody in twice').toHaveLength(4);
});

test('time alone brings people into a segment and out of it, and whoever has left before their turn does not enter', async () => {
  const firm = await workspace({ at: START, documents: topics });
  const { keepSegments, rescore } = keeping(firm);
  await firm.put('/v1/segments/silent', { condition: { not: { event: 'page_viewed', in: '7d' } } });
  await happen(firm.pool, 'page_viewed', [person('ana'), person('ben')]);
  await rescore();
  await launch(firm, campaignOf({ key: 'sunset', entry: { segment: 'silent', rate: '1/d' }, steps }));
  await keepSegments();

  await firm.jump('6d');
  await keepSegments();
  expect(await firm.pool.query('select from segment_member').then(({ rowCount }) => rowCount)).toBe(0);
  await firm.jump('1d');
  await firm.jump('1h');
  expect((await dueLoops(firm.pool)).map(({ loop }) => loop)).toContainEqual({ kind: 'segments' });
  await keepSegments();
  await look(firm, 'sunset');
  expect(await inside(firm, 'sunset')).toEqual(['ana']);

  await happen(firm.pool, 'page_viewed', [person('ben')]);
  await rescore();
  expect(await firm.pool.query('select from segment_member').then(({ rowCount }) => rowCount)).toBe(1);
  await firm.jump('1d');
  await look(firm, 'sunset');
  expect(await inside(firm, 'sunset'), 'ben came back before his turn').toEqual(['ana']);

  await firm.post('/v1/campaigns/sunset/archive');
  await keepSegments();
  expect(await firm.pool.query('select from kept_segment union all select from segment_member').then(({ rowCount }) => rowCount)).toBe(0);
});

test('a changed segment brings in whoever it now holds; one that cannot be read any more stands in nobody’s way', async () => {
  const firm = await workspace({ at: START, documents: topics });
  const { keepSegments, rescore } = keeping(firm);
  await firm.put('/v1/segments/big', { condition: { 'lead.size': { gte: 100 } } });
  await happen(firm.pool, 'page_viewed', [{ ...person('ana'), attributes: { size: '50' } }]);
  await rescore();
  await launch(firm, campaignOf({ key: 'big', entry: { segment: 'big' }, steps }));
  await keepSegments();
  await look(firm, 'big');
  expect(await inside(firm, 'big')).toEqual([]);

  await firm.put('/v1/segments/big', { condition: { 'lead.size': { gte: 20 } } });
  await keepSegments();
  await look(firm, 'big');
  expect(await inside(firm, 'big')).toEqual(['ana']);

  await firm.pool.query(`delete from document where kind = 'segment'`);
  await firm.pool.query('update kept_segment set due_at = clock()');
  await keepSegments();
  await happen(firm.pool, 'page_viewed', [person('ben')]);
  await rescore();
  expect(await firm.pool.query('select from score_wake').then(({ rowCount }) => rowCount)).toBe(0);
  expect((await firm.pool.query<{ error: string }>('select error from kept_segment')).rows).toEqual([
    { error: `there is no segment 'big'` },
  ]);
});
