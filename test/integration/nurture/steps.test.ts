import { expect, test } from 'vitest';
import { campaignOf, launch, standing, topics } from '../../support/campaigns.ts';
import { look } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { workspace, type Workspace } from '../../support/workspace.ts';

const START = '2026-03-02T09:00:00Z';
const plain = { class: 'transactional', topic: undefined };

const rows = async <Row>(firm: Workspace, sql: string, values: unknown[] = []): Promise<Row[]> =>
  (await firm.pool.query(sql, values)).rows as Row[];
const because = async (firm: Workspace, kind: string): Promise<unknown[]> =>
  (await rows<{ because: unknown }>(firm, 'select because from journal where kind = $1 order by at, id', [kind])).map((row) => row.because);

test('an update is seen by the next step in the same look, by the colleagues’ campaigns at once, and changes nothing twice', async () => {
  const firm = await workspace({ at: START, documents: topics });
  await launch(
    firm,
    campaignOf({
      key: 'watch',
      ...plain,
      entry: { event: 'watched' },
      steps: [{ id: 'big', waitFor: { 'account.tier': 2, timeout: '90d' }, then: [{ id: 'out', exit: 'big' }] }],
    }),
  );
  const change = {
    'lead.interest': '$entry.product',
    'lead.budget': null,
    'lead.title': 'Buyer',
    'lead.rank': 3,
    'account.tier': 2,
    tag: { add: ['warm'], remove: ['cold'] },
    stage: 'mql',
  };
  const steps = [
    { id: 'note', update: change },
    { id: 'again', update: { 'account.tier': 2, tag: 'warm' } },
    {
      id: 'seen',
      branch: [{ when: { 'lead.interest': 'pumps', 'account.tier': 2, tag: 'warm', stage: 'mql' }, steps: [{ id: 'yes', exit: 'seen' }] }],
    },
  ];
  await launch(firm, campaignOf({ ...plain, steps, reentry: 'always' }));

  await happen(firm.pool, 'watched', [{ email: 'bo@huadong.example', website: 'huadong.example' }]);
  await look(firm, 'watch');
  const mei = { email: 'mei@huadong.example', website: 'huadong.example', attributes: { budget: 9 }, tags: ['cold'] };
  await happen(firm.pool, 'signed_up', [mei], { product: 'pumps' });
  const { poked } = await look(firm, 'trial');

  expect(await standing(firm, 'trial', 'mei@huadong.example')).toMatchObject([{ state: 'exited', endReason: 'seen' }]);
  const [lead] = await rows(firm, `select attributes, title, tags, stage from lead where email = 'mei@huadong.example'`);
  expect(lead).toEqual({ attributes: { interest: 'pumps', rank: 3 }, title: 'Buyer', tags: ['warm'], stage: 'mql' });
  expect(await rows(firm, 'select attributes from account')).toEqual([{ attributes: { tier: 2 } }]);
  expect(poked.map((loop) => loop.kind)).toContain('scoring');
  await look(firm, 'watch');
  expect(await standing(firm, 'watch', 'bo@huadong.example')).toMatchObject([{ endReason: 'big' }]);

  await firm.pool.query('delete from score_wake');
  await firm.pool.query('delete from wake');
  await happen(firm.pool, 'other', [{ email: 'bo@huadong.example' }]);
  await firm.pool.query('delete from score_wake');
  await happen(firm.pool, 'signed_up', [{ email: 'mei@huadong.example' }], { product: 'pumps' });
  await firm.pool.query('delete from score_wake');
  await look(firm, 'trial');
  expect(await rows(firm, 'select from score_wake')).toHaveLength(0);
  // What was changed is in the journal, for whoever else is to be told; the second time there was nothing.
  expect(
    await rows(firm, `select kind, because -> 'fields' as fields from journal where kind in ('lead_told', 'account_told') order by kind`),
  ).toEqual([
    { kind: 'account_told', fields: ['attributes.tier'] },
    { kind: 'lead_told', fields: ['title', 'tags', 'attributes.budget', 'attributes.interest', 'attributes.rank'] },
  ]);
});

test('consent is noted with its proof, and is what the next step sees', async () => {
  const firm = await workspace({ at: START, documents: topics });
  const steps = [
    { id: 'out', consent: { topic: 'news', set: 'off' } },
    { id: 'seen', branch: [{ when: { consent: { topic: 'news', state: 'off' } }, steps: [{ id: 'yes', exit: 'off' }] }] },
  ];
  await launch(firm, campaignOf({ ...plain, steps, reentry: 'always' }));
  await happen(firm.pool, 'signed_up', [{ email: 'mei@huadong.example' }]);
  await look(firm, 'trial');
  await happen(firm.pool, 'signed_up', [{ email: 'mei@huadong.example' }]);
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', 'mei@huadong.example')).toMatchObject([{ endReason: 'off' }, { endReason: 'off' }]);
  expect(await rows(firm, 'select topic, granted, source, proof from consent')).toEqual([
    { topic: 'news', granted: false, source: 'campaign', proof: { campaign: 'trial', step: 'out', enrolment: expect.any(String) } },
  ]);
  const wrong = campaignOf({ ...plain, steps: [{ id: 'out', consent: { topic: 'gossip', set: 'off' } }] });
  expect(await (await firm.post('/v1/campaigns/lint', wrong)).json()).toMatchObject({
    findings: [{ reason: "there is no consent topic 'gossip'" }],
  });
});

test('a campaign starts and stops others, for the lead and for colleagues by role; never in a circle', async () => {
  const firm = await workspace({ at: START, documents: topics });
  const pause = [{ id: 'w', wait: '90d' }];
  await launch(firm, campaignOf({ key: 'play', ...plain, entry: { event: 'played' }, steps: pause }));
  await launch(firm, campaignOf({ key: 'next', ...plain, entry: [], steps: pause }));
  expect((await firm.post('/v1/campaigns', campaignOf({ key: 'draft', ...plain, entry: [], steps: pause }))).ok).toBe(true);
  await launch(
    firm,
    campaignOf({
      ...plain,
      steps: [
        { id: 'go', start: { campaign: 'next', with: { offer: '$entry.offer', fixed: 1 } } },
        { id: 'widen', start: { campaign: 'next', for: { roles: ['influencer'], max: 2 } } },
        { id: 'not-yet', start: 'draft' },
        { id: 'enough', stop: 'play' },
        { id: 'all-off', stop: { campaign: 'play', for: {} } },
      ],
    }),
  );
  const person = (name: string, role?: string) => ({ email: `${name}@huadong.example`, website: 'huadong.example', role });
  const people = [
    person('mei'),
    person('ana', 'influencer'),
    person('bo', 'influencer'),
    person('cy', 'influencer'),
    person('di', 'decider'),
  ];
  await happen(firm.pool, 'played', people);
  for (const { email, role } of people) await firm.pool.query('update lead set buying_role = $2 where email = $1', [email, role]);
  await look(firm, 'play');
  await firm.pool.query(`delete from enrolment where lead_id = (select id from lead where email = 'mei@huadong.example')`);
  await happen(firm.pool, 'played', [{ email: 'mei@huadong.example' }]);

  await happen(firm.pool, 'signed_up', [{ email: 'mei@huadong.example' }], { offer: 'spring' });
  const { poked } = await look(firm, 'trial');
  expect(poked.filter((loop) => loop.kind === 'nurture')).toHaveLength(2);
  await look(firm, 'next');
  await look(firm, 'play');

  const inNext = await rows<{ email: string; entry: object }>(
    firm,
    `select l.email, e.entry from enrolment e join campaign c on c.id = e.campaign_id join lead l on l.id = e.lead_id where c.key = 'next' order by l.email`,
  );
  expect(inNext.map((one) => one.email)).toEqual(['ana@huadong.example', 'bo@huadong.example', 'mei@huadong.example']);
  expect(inNext[2]!.entry).toMatchObject({ offer: 'spring', fixed: 1, started: { by: 'trial', step: 'go', chain: ['trial'] } });
  expect(await rows(firm, `select from enrolment where end_reason = 'stopped'`)).toHaveLength(4);
  expect(await rows(firm, 'select from enrolment_stop')).toHaveLength(0);
  expect(await because(firm, 'colleagues')).toEqual([
    { rule: 'colleagues', did: 'start', campaign: 'next', people: 2 },
    { rule: 'colleagues', did: 'stop', campaign: 'play', people: 4 },
  ]);
  expect(await because(firm, 'not_entered')).toEqual([
    { rule: 'not_live', started: expect.objectContaining({ by: 'trial' }) },
    { rule: 'stopped', by: 'trial', step: 'enough', enrolment: expect.any(String) },
  ]);
  expect(await because(firm, 'entered')).toContainEqual(expect.objectContaining({ rule: 'started', by: 'trial', step: 'go' }));

  const back = campaignOf({ key: 'next', ...plain, entry: [], steps: [{ id: 'back', start: 'trial' }] });
  expect(await (await firm.post('/v1/campaigns/lint', back)).json()).toMatchObject({
    findings: [{ level: 'error', path: 'steps.0', reason: 'it comes back to itself: next → trial → next' }],
  });
  const unknown = campaignOf({
    ...plain,
    steps: [
      { id: 'x', start: 'nowhere' },
      { id: 'y', stop: 'trial' },
    ],
  });
  expect(await (await firm.post('/v1/campaigns/lint', unknown)).json()).toMatchObject({
    findings: [{ reason: "there is no campaign 'nowhere'" }, { reason: 'it stops itself' }],
  });
});

test('the arm of a split that does better, once that is sure, takes all who come later', async () => {
  const firm = await workspace({ at: START, documents: topics });
  const arms = [
    { key: 'plain', steps: [] },
    { key: 'bold', steps: [] },
  ];
  const split = { arms, metric: { event: 'called' }, minimum: 20, within: '3d' };
  await launch(
    firm,
    campaignOf({
      ...plain,
      steps: [
        { id: 's', split },
        { id: 'w', wait: '90d' },
      ],
    }),
  );
  const people = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => ({ email: `p${from + i}@firm.example` }));
  await happen(firm.pool, 'signed_up', people(0, 80));
  await look(firm, 'trial');

  const figures = async () =>
    (await (await firm.get('/v1/campaigns/trial/splits')).json()) as { splits: { winner: string | null; arms: object[] }[] };
  const inArm = (arm: string) =>
    rows<{ email: string }>(
      firm,
      'select l.email from split_member m join enrolment e on e.id = m.enrolment_id join lead l on l.id = e.lead_id where m.arm = $1',
      [arm],
    );
  const bold = await inArm('bold');
  expect(bold.length).toBeGreaterThan(25);
  expect((await figures()).splits[0]).toMatchObject({
    winner: null,
    arms: [{ arm: 'plain', entered: 80 - bold.length, counted: 0, rate: null, low: 0, high: 1 }, {}],
  });

  await firm.jump('1d');
  await happen(firm.pool, 'called', bold);
  await firm.jump('1d');
  await happen(firm.pool, 'signed_up', people(80, 100));
  await look(firm, 'trial');
  expect((await figures()).splits[0]!.winner).toBeNull();

  await firm.jump('2d');
  await happen(firm.pool, 'signed_up', people(100, 140));
  await look(firm, 'trial');
  expect((await inArm('bold')).filter(({ email }) => Number(email.slice(1, 4)) >= 100)).toHaveLength(40);
  const { splits } = await figures();
  expect(splits).toMatchObject([
    {
      step: 's',
      metric: { event: 'called' },
      winner: 'bold',
      arms: [
        { arm: 'plain', successes: 0 },
        { arm: 'bold', counted: bold.length, successes: bold.length, rate: 1 },
      ],
    },
  ]);
  expect(await because(firm, 'stepped')).toContainEqual({ rule: 'split', arm: 'bold', won: true });
});

test('a date of the lead moves while they wait; sales names another one to go on', async () => {
  const firm = await workspace({ at: START, documents: topics, reps: ['ana'] });
  const steps = [
    { id: 'before', at: { date: 'lead.renewal', offset: '-1d' }, steps: [] },
    { id: 'hot', handoff: { onRejected: { not_now: { resumeOn: 'date', steps: [{ id: 'again', wait: '1d' }] } } } },
  ];
  await launch(firm, campaignOf({ ...plain, steps }));
  const mei = (renewal: string) => [{ email: 'mei@huadong.example', attributes: { renewal } }];
  const stands = async () => (await standing(firm, 'trial', 'mei@huadong.example'))[0]!;
  await happen(firm.pool, 'signed_up', mei('2026-03-10'));
  await look(firm, 'trial');
  expect((await stands()).dueAt).toEqual(new Date('2026-03-09T00:00:00Z'));
  await happen(firm.pool, 'called', mei('2026-03-20'));
  await look(firm, 'trial');
  expect(await stands()).toMatchObject({ stepId: 'before', dueAt: new Date('2026-03-19T00:00:00Z') });

  await firm.jump('2026-03-19T00:00:00Z');
  await look(firm, 'trial');
  expect(await stands()).toMatchObject({ stepId: 'hot', waiting: 'opportunity' });
  await firm.pool.query(
    `update opportunity set state = 'recycled', closed_at = clock(), rejected_reason = 'not_now', resume_at = '2026-05-04T08:00:00Z'`,
  );
  await happen(firm.pool, 'called', mei('2026-03-20'));
  await look(firm, 'trial');
  expect(await stands()).toMatchObject({ stepId: 'hot', dueAt: new Date('2026-05-04T08:00:00Z') });
  await firm.jump('2026-05-04T08:00:00Z');
  await look(firm, 'trial');
  expect((await stands()).stepId).toBe('again');
});
