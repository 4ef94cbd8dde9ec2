import { expect, inject, onTestFinished, test } from 'vitest';
import { campaignOf, launch, topics } from '../support/campaigns.ts';
import { violations } from '../support/chaos.ts';
import { doorTo } from '../support/door.ts';
import { type CapturedMail } from '../support/outbox.ts';
import { clientOf } from '../support/requests.ts';
import { type Workspace, workspace } from '../support/workspace.ts';

const MONDAY = '2026-03-02T09:00:00Z';

const trial = campaignOf({
  entry: { event: 'form_submitted', where: { form: 'website' } },
  steps: [
    { id: 'welcome', send: 'welcome' },
    { id: 'w1', wait: '2d' },
    {
      id: 'engaged',
      branch: [{ when: { clicked: 'welcome' }, steps: [{ id: 'study', send: 'study' }] }, { otherwise: [{ id: 'nudge', send: 'nudge' }] }],
    },
    { id: 'w2', wait: '3d' },
    { id: 'last', send: 'last-call' },
  ],
});
const documents = {
  ...topics,
  form: {
    website: { key: 'website', name: 'Website', purpose: 'trial' },
    demo: { key: 'demo', name: 'Talk to us', purpose: 'demo_request', then: 'handoff', pool: 'sales' },
  },
  scoring: {
    default: {
      fit: { rules: [{ id: 'technical', when: { 'lead.title': { contains: 'engineer' } }, points: 50 }], grades: { A: 40, B: 20, C: 10 } },
      engagement: {
        rules: [
          { id: 'asked', event: 'form_submitted', points: 20, halfLife: '30d' },
          { id: 'clicked', event: 'email_clicked', points: 10, halfLife: '30d' },
          { id: 'prices', event: 'pricing_viewed', points: 20, halfLife: '30d' },
        ],
        levels: [{ key: 'hot', up: 45, down: 30 }],
      },
    },
  },
  standard: { default: { mql: { fit: 'A', level: 'hot' }, pool: 'sales', reasons: { junk: { follows: 'disqualify', label: 'Junk' } } } },
};

/** A firm with two reps and a manager, whose every request goes over a socket. */
async function firmOnline(env: Record<string, string> = {}) {
  const firm = await workspace({ at: MONDAY, documents, env });
  const url = await firm.listen();
  const over = (key?: string) => clientOf((request) => fetch(new Request(request.url.replace('http://tendril.test', url), request)), key);
  const [http, anyone] = [over(firm.adminKey), over()];
  const rep = (key: string, manager = false) => ({
    key,
    name: key[0]!.toUpperCase() + key.slice(1),
    email: `${key}@firm.example`,
    manager,
  });
  expect(await http.put('/v1/reps', { items: [rep('ana'), rep('ben'), rep('eva', true)] })).toHaveStatus(200);
  expect(await http.put('/v1/pools/sales', { name: 'Sales', members: [{ rep: 'ana' }, { rep: 'ben' }] })).toHaveStatus(200);
  await launch(firm, trial);
  const json = async <T>(path: string): Promise<T> => (await http.get(path)).json() as Promise<T>;
  return { firm, http, anyone, json };
}

const mei = { email: 'mei@huadong.example', name: 'Mei Wang', company: 'Huadong Pumps', job_title: 'Process engineer' };

interface Opportunity {
  id: string;
  state: string;
  source: string;
  owner: { key: string } | null;
  breachedAt: string | null;
  lead: { email: string };
  history: { kind: string }[];
}
const opportunities = (json: <T>(path: string) => Promise<T>) =>
  json<{ items: Opportunity[] }>('/v1/opportunities').then(({ items }) => items);

const linkIn = (mail: CapturedMail, part: string): string => new URL(mail.links.find((link) => link.includes(part))!).pathname;

/** The mails about one opportunity in the order they came, as `what → to whom`. */
async function mailsAbout(firm: Workspace, id: string): Promise<string[]> {
  return (await firm.outbox())
    .filter((mail) => mail.sendKey?.startsWith(id))
    .map((mail) => `${mail.sendKey!.split('/')[2]!} → ${mail.to.split('@')[0]!}`);
}

test('a form becomes a lead, a score, a campaign, a click, an opportunity, and a rep’s', async () => {
  const { firm, http, anyone, json } = await firmOnline();
  await firm.startWorker();
  expect(await anyone.post('/f/website', mei)).toHaveStatus(202);
  await firm.settle();

  expect(await json(`/v1/leads/${mei.email}`)).toMatchObject({
    name: 'Mei Wang',
    company: 'Huadong Pumps',
    account: { domain: 'huadong.example' },
    stage: 'lead',
    enrolments: [{ campaign: { key: 'trial' }, state: 'active', stepId: 'w1' }],
  });
  expect(await json(`/v1/leads/${mei.email}/score`)).toMatchObject({
    fit: { grade: 'A', rules: [{ rule: 'technical', held: true, given: 50 }] },
    engagement: { points: 20, level: 'cold' },
    standard: { met: false, missing: [expect.stringContaining('hot')] },
  });
  const [welcome, ...others] = await firm.outbox(mei.email);
  expect(others).toEqual([]);
  expect(welcome!.subject).toBe('welcome for Mei');

  const clicked = await anyone.get(linkIn(welcome!, '/c/'));
  expect([clicked.status, clicked.headers.get('location')]).toEqual([302, 'https://ostara.example/welcome']);
  await firm.jump('2d');
  await firm.settle();
  expect((await firm.outbox(mei.email)).map((mail) => mail.subject)).toEqual(['welcome for Mei', 'study for Mei']);

  const track = { userId: 'mei', event: 'pricing_viewed' };
  expect(await http.post('/v1/identify', { userId: 'mei', traits: { email: mei.email } })).toHaveStatus(200);
  expect(await http.post('/v1/track', track)).toHaveStatus(200);
  await firm.settle();
  const [offered] = await opportunities(json);
  expect(offered).toMatchObject({ state: 'offered', source: 'score', lead: { email: mei.email } });
  expect(await json(`/v1/leads/${mei.email}`)).toMatchObject({ stage: 'mql' });

  const [card] = await firm.outbox(`${offered!.owner!.key}@firm.example`);
  const accept = linkIn(card!, '/o/');
  expect(await anyone.get(accept)).toHaveStatus(200);
  expect((await opportunities(json))[0]!.state).toBe('offered');
  expect(await anyone.post(accept, new URLSearchParams())).toHaveStatus(200);
  expect((await opportunities(json))[0]).toMatchObject({ state: 'accepted', owner: offered!.owner });
  const again = await anyone.post(accept, new URLSearchParams());
  expect(again.status).toBe(409);
  expect(await again.text()).toContain('accepted');
  expect(await json(`/v1/leads/${mei.email}`)).toMatchObject({ stage: 'sal' });

  // Marketing pauses while sales has her.
  await firm.jump('10d');
  await firm.settle();
  expect(await firm.outbox(mei.email)).toHaveLength(2);
  const { items } = await json<{ items: { words: string }[] }>(`/v1/leads/${mei.email}/why?limit=200`);
  expect(items.map((one) => one.words).join('\n')).toMatch(/salesperson|sales/);
  expect(await violations(firm)).toEqual([]);
});

test('nobody answers: the ladder is climbed to the manager and the broken promise, each mail once', async () => {
  const { firm, anyone, json } = await firmOnline();
  await firm.startWorker();
  expect(await anyone.post('/f/demo', mei)).toHaveStatus(202);
  await firm.settle();
  const [{ id, owner }] = (await opportunities(json)) as [Opportunity];
  const [first, second] = owner!.key === 'ana' ? ['ana', 'ben'] : ['ben', 'ana'];

  const about = () => json<Opportunity>(`/v1/opportunities/${id}`);
  for (let jumps = 0; (await about()).breachedAt === null && jumps < 30; jumps++) {
    expect(await firm.jumpToNext()).toBe(true);
    await firm.settle();
  }
  expect(await mailsAbout(firm, id)).toEqual([
    `offer → ${first}`,
    `offered-nudge-0 → ${first}`,
    `backup → ${second}`,
    `offer → ${second}`,
    expect.stringMatching(/^offered-manager-escalation-3-.* → eva$|^offered-manager-escalation-3-.*/),
    expect.stringMatching(/^offered-sla-breach-4-/),
  ]);
  expect((await firm.outbox('eva@firm.example')).length).toBeGreaterThanOrEqual(2);
  expect((await about()).history.map((line) => line.kind)).toEqual(
    expect.arrayContaining(['handed_off', 'offered', 'nudged', 'backup_asked', 'passed_on', 'escalated', 'sla_breached']),
  );
  expect(await violations(firm)).toEqual([]);
});

test('one click to unsubscribe stops everything, the mail that is already queued included', async () => {
  const { firm, anyone, json } = await firmOnline();
  await firm.startWorker();
  await anyone.post('/f/website', mei);
  await firm.settle();
  const [welcome] = await firm.outbox(mei.email);
  await firm.stopWorker();
  await firm.jump('2d');

  const { pathname } = new URL(welcome!.headers.get('list-unsubscribe')!.slice(1, -1));
  expect(await anyone.get(pathname)).toHaveStatus(200);
  expect(await json(`/v1/leads/${mei.email}`)).toMatchObject({ consents: [] });
  const oneClick = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' });
  for (let twice = 0; twice < 2; twice++) expect(await anyone.post(pathname, oneClick)).toHaveStatus(200);
  expect(await json(`/v1/leads/${mei.email}`)).toMatchObject({ consents: [{ topic: 'news', granted: false }] });

  await firm.startWorker();
  await firm.settle();
  await firm.jump('20d');
  await firm.settle();
  expect(await firm.outbox(mei.email)).toHaveLength(1);
  expect((await json<{ enrolments: { state: string }[] }>(`/v1/leads/${mei.email}`)).enrolments[0]!.state).not.toBe('active');
  expect(await violations(firm)).toEqual([]);
});

test('Temporal is gone: forms are taken, a rep can accept; it comes back and all catches up', { timeout: 120_000 }, async () => {
  const door = await doorTo(inject('services').temporalAddress);
  onTestFinished(door.shut);
  await door.open();
  const { firm, anyone, json } = await firmOnline({ TEMPORAL_ADDRESS: door.address });
  await firm.startWorker();
  await anyone.post('/f/demo', mei);
  await firm.settle();
  const [offered] = await opportunities(json);
  const [card] = await firm.outbox(`${offered!.owner!.key}@firm.example`);

  await door.shut();
  const late = Array.from({ length: 5 }, (_, n) => ({ email: `late${n}@firm${n}.example`, name: 'Too Late' }));
  for (const person of late) expect(await anyone.post('/f/website', person)).toHaveStatus(202);
  expect(await anyone.post(linkIn(card!, '/o/'), new URLSearchParams())).toHaveStatus(200);
  expect((await opportunities(json))[0]!.state).toBe('accepted');
  expect(await firm.outbox('late0@firm0.example')).toEqual([]);

  await door.open();
  await firm.settle(90_000);
  for (const { email } of late) expect((await firm.outbox(email)).map((mail) => mail.subject)).toEqual(['welcome for Too']);
  expect(await violations(firm)).toEqual([]);
});
