import { beforeAll, expect, test } from 'vitest';
import { happen } from '../../support/people.ts';
import { addWriters, begin, saveSequence, sequenceOf } from '../../support/sequences.ts';
import { campaignOf, launch, topics } from '../../support/campaigns.ts';
import { look } from '../../support/nurture.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

let firm: Workspace;
beforeAll(async () => {
  firm = await workspace({ at: '2026-03-02T11:00:00Z', documents: topics });
  await addWriters(firm);
  await saveSequence(firm);
  return firm.close;
}, 60_000);

const findings = async (document: object) =>
  ((await (await firm.post('/v1/sequences/lint', document)).json()) as { ok: boolean; findings: { path: string; mend: string }[] })
    .findings;

test('what is for campaigns alone is refused with what to do instead, and a letter with what it lacks', async () => {
  const wrong = await findings(sequenceOf({ entry: { event: 'x' }, holdout: '10%', sending: { cap: { max: 1, per: '1d' } }, stepz: 1 }));
  expect(wrong.map(({ path }) => path).toSorted()).toEqual(['', 'entry', 'holdout', 'sending.cap']);
  expect(wrong.find(({ path }) => path === 'entry')!.mend).toMatch(/\/runs/);
  expect((await findings(sequenceOf({ steps: [{ id: 'a', send: 'welcome' }] }))).some(({ mend }) => /say mail/.test(mend))).toBe(true);
  expect((await findings(sequenceOf({ steps: [{ id: 'a', mail: { text: 'No subject' } }] })))[0]!.mend).toMatch(/subject/);
  expect(
    (await findings(sequenceOf({ steps: [{ id: 'a', mail: { subject: 'Hi', text: 'Dear {{lead.first_name}} {{nope.x}}' } }] }))).length,
  ).toBe(2);
  const campaign = await firm.post('/v1/campaigns/lint', campaignOf({ steps: [{ id: 'a', mail: { subject: 'Hi', text: 'Hi' } }] }));
  expect(await campaign.text()).toContain('a letter from a rep');
});

test('campaigns and sequences share their keys, and neither is found among the others', async () => {
  await launch(firm, campaignOf({ key: 'nurture', steps: [{ id: 'w', wait: '1d' }] }));
  expect(await firm.post('/v1/sequences', sequenceOf({ key: 'nurture' }))).toHaveStatus(409);
  expect(await firm.post('/v1/campaigns', campaignOf({ key: 'first-contact', steps: [{ id: 'w', wait: '1d' }] }))).toHaveStatus(409);
  expect(await firm.get('/v1/campaigns/first-contact')).toHaveStatus(404);
  expect(await firm.get('/v1/sequences/nurture')).toHaveStatus(404);
  expect(await (await firm.get('/v1/campaigns')).json()).toMatchObject({ items: [{ key: 'nurture' }] });
  expect(await firm.post('/v1/sequences', sequenceOf())).toHaveStatus(200); // the same again
  expect(await firm.post('/v1/sequences', sequenceOf({ name: 'Other' }))).toHaveStatus(201);
});

test('who is mailed by a campaign, written to by another, refuses mail or belongs to nobody is left alone, and told', async () => {
  await saveSequence(firm, sequenceOf({ key: 'other' }));
  const emails = ['free', 'mailed', 'written', 'gone'].map((name) => `${name}@states.example`);
  await happen(
    firm.pool,
    'signed_up',
    emails.map((email) => ({ email })),
  );
  await look(firm, 'nurture');
  await firm.pool.query(
    `update enrolment set state = 'exited', ended_at = clock() where lead_id in (select id from lead where email <> 'mailed@states.example')`,
  );
  expect(await firm.post('/v1/suppressions', { address: 'gone@states.example', kind: 'manual' })).toHaveStatus(200);
  expect((await begin(firm, ['written@states.example'], 'ana', 'other')).started).toBe(1);
  expect((await begin(firm, emails)).people.map(({ state }) => state)).toEqual(['started', 'in_campaign', 'in_sequence', 'suppressed']);
  expect((await begin(firm, emails)).people.map(({ state }) => state)).toEqual([
    'already_running',
    'in_campaign',
    'in_sequence',
    'suppressed',
  ]);
  expect((await begin(firm, ['mailed@states.example'], 'owner', 'first-contact', { inCampaign: 'wait' })).people[0]!.state).toBe(
    'no_owner',
  );
  expect((await begin(firm, ['mailed@states.example'], 'ben', 'first-contact', { inCampaign: 'wait' })).people[0]!.state).toBe('started');
  expect(await firm.post('/v1/sequences/first-contact/runs', { rep: 'ana' })).toHaveStatus(422);
  expect(await firm.post('/v1/sequences/first-contact/runs', { rep: 'nobody', emails })).toHaveStatus(422);
  expect(await firm.post('/v1/sequences/none/runs', { rep: 'ana', emails })).toHaveStatus(404);
});

test('a run is paused, resumed and stopped once each; a sequence, too; and nothing begins in one that does not run', async () => {
  await happen(firm.pool, 'signed_up', [{ email: 'one@runs.example' }, { email: 'two@runs.example' }]);
  await firm.pool.query(`update enrolment set state = 'exited', ended_at = clock() where rep_id is null and state = 'active'`);
  const { people } = await begin(firm, ['one@runs.example', 'two@runs.example']);
  const at = (what: string) => firm.post(`/v1/sequence-runs/${people[0]!.runId}/${what}`, what === 'stop' ? {} : undefined);
  expect(await at('resume')).toHaveStatus(409);
  expect(await at('pause')).toHaveStatus(200);
  expect(await at('pause')).toHaveStatus(409);
  expect(await at('resume')).toHaveStatus(200);
  expect(await at('stop')).toHaveStatus(200);
  expect(await at('stop')).toHaveStatus(409);
  expect(await firm.get('/v1/sequence-runs/00000000-0000-7000-8000-000000000000')).toHaveStatus(404);
  expect(await firm.post('/v1/sequences/first-contact/resume')).toHaveStatus(409);
  expect(await firm.post('/v1/sequences/first-contact/pause')).toHaveStatus(200);
  expect(await firm.post('/v1/sequences/first-contact/runs', { rep: 'ana', emails: ['one@runs.example'] })).toHaveStatus(409);
  expect(await firm.post('/v1/sequences/first-contact/archive')).toHaveStatus(200);
  expect(await (await firm.get('/v1/sequences/first-contact/runs?state=active')).json()).toMatchObject({ items: [] });
  expect(await firm.post('/v1/sequences', sequenceOf({ name: 'Anew' }))).toHaveStatus(409);
});
