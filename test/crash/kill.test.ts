import { setTimeout as pause } from 'node:timers/promises';
import { expect, onTestFailed, onTestFinished, test } from 'vitest';
import { campaignOf, launch, topics } from '../support/campaigns.ts';
import { leasesRunOut, randomOf, terminateLoops, violations } from '../support/chaos.ts';
import { countBySendKey, type ReceivedMail, startMailSink } from '../support/counting-smtp.ts';
import { receiver } from '../support/receiver.ts';
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.ts';
import { type Workspace, workspace } from '../support/workspace.ts';

const LEADS = Number(process.env['TENDRIL_CRASH_LEADS'] ?? 2_000);
const KILLS = Number(process.env['TENDRIL_CRASH_KILLS'] ?? 8);
const SEED = Number(process.env['TENDRIL_CRASH_SEED'] ?? Math.floor(Math.random() * 1_000_000));

/** Every kind of step there is, with effects that can be counted afterwards. */
const trialOf = (crm: string) =>
  campaignOf({
    steps: [
      { id: 'welcome', send: 'trial-welcome' },
      { id: 'w1', wait: '2d' },
      { id: 'note', update: { 'lead.noted': true, 'account.tier': 2, tag: 'noted' } },
      { id: 'ways', split: { arms: ['a', 'b'].map((key) => ({ key, steps: [] })), metric: 'clicked', minimum: 50, within: '1d' } },
      { id: 'more', start: 'beside' },
      { id: 'past', at: { date: '2026-03-01T00:00:00Z' }, steps: [{ id: 'never', send: 'trial-nudge' }] },
      { id: 'visit', at: { date: '$entry.visit_on', ifPast: 'now' }, steps: [{ id: 'met', update: { tag: 'met' } }] },
      {
        id: 'engaged',
        branch: [
          { when: { clicked: 'welcome' }, steps: [{ id: 'study', send: 'pump-case-study' }] },
          { otherwise: [{ id: 'nudge', send: 'trial-nudge' }] },
        ],
      },
      {
        id: 'pricing',
        waitFor: { event: 'pricing_viewed', timeout: '5d' },
        then: [
          { id: 'hot', handoff: { pool: 'sales' } },
          { id: 'crm', webhook: { url: `${crm}/leads`, set: { crm_id: 'id' } } },
          { id: 'tell', notify: { to: `${crm}/sales`, text: '{{lead.email}} is hot' } },
          { id: 'word', notify: { to: 'sales@firm.example', text: 'No. {{lead.crm_id}} is hot' } },
          {
            id: 'call',
            task: { to: 'owner', once: 'account', timeout: '30d', onOutcome: { won: [{ id: 'won', update: { tag: 'won' } }] } },
          },
        ],
        onTimeout: [{ id: 'last', send: 'trial-last-call' }],
      },
      { id: 'enough', stop: 'beside' },
      { id: 'off', consent: { topic: 'gossip', set: 'off' } },
      { id: 'over', exit: 'over' },
    ],
  });
const beside = campaignOf({
  key: 'beside',
  entry: [],
  steps: [
    { id: 'mark', update: { tag: 'beside' } },
    { id: 'long', wait: '90d' },
  ],
});
const documents = { topics: { default: { topics: [...topics.topics.default.topics, { key: 'gossip', name: 'Gossip' }] } } };
const scoring = {
  fit: { rules: [], grades: { A: 60, B: 40, C: 20 } },
  engagement: {
    rules: [{ id: 'prices', event: 'pricing_viewed', points: 20, halfLife: '10d' }],
    levels: [{ key: 'warm', up: 15, down: 10 }],
  },
};

/** Twenty to a firm; every third clicks in the welcome, the people of every fifth firm look at the prices. */
const people = Array.from({ length: LEADS }, (_, n) => ({
  email: `lead${n}@firm${n % 100}.example`,
  clicks: n % 3 === 0,
  asks: (n % 100) % 5 === 0,
}));
const GROUPS = 8;
const groups = Array.from({ length: GROUPS }, (_, g) => people.slice((g * LEADS) / GROUPS, ((g + 1) * LEADS) / GROUPS));
/** Until the last group has waited for its visit and then five days. */
const TICKS = GROUPS + 16;
type Person = (typeof people)[number];
/** What a webhook is sent, as far as the test reads it. */
interface Told {
  data: { lead: { email: string } };
}
const byEmail = new Map(people.map((one) => [one.email, one]));

/** Two workers, of which one after the other is killed in the middle of whatever it does. */
function createKiller(firm: Workspace, env: Record<string, string>, random: () => number) {
  const workers: WorkerProcess[] = [];
  const complaints: string[] = [];
  let killed = 0;
  const start = () => startWorkerProcess(firm, env, complaints);
  return {
    complaints,
    killed: () => killed,
    async begin(): Promise<void> {
      workers.push(await start(), await start());
      await Promise.race(workers.map((one) => one.runs));
    },
    /** Waits a random while, then kills one that runs and puts a new one in its place; now and then every loop is ended too. */
    async strike(): Promise<void> {
      const victim = Math.floor(random() * workers.length);
      await workers[victim]!.runs;
      await pause(random() * 1_200);
      await workers[victim]!.kill();
      killed++;
      workers[victim] = await start();
      await leasesRunOut(firm.pool);
      if (random() < 0.4) await terminateLoops(firm);
    },
    async end(): Promise<void> {
      await Promise.all(workers.map((one) => one.kill()));
    },
  };
}

test(
  `${LEADS} leads, and a worker killed ${KILLS} times in the middle of it: every mail once, nobody stranded`,
  { timeout: 600_000 },
  async () => {
    console.info(`crash test: seed ${SEED}, ${KILLS} kills; again with TENDRIL_CRASH_SEED=${SEED} TENDRIL_CRASH_KILLS=${KILLS}`);
    const firm = await workspace({
      at: '2026-03-02T09:00:00Z',
      reps: ['ana', 'ben'],
      documents: { ...documents, scoring: { default: scoring } },
      env: { SWEEP_EVERY: '2', WEBHOOK_ALLOW: '127.0.0.1', LOG_LEVEL: 'error' },
    });
    const crm = await receiver(({ body }) => ({ status: 200, json: { id: (JSON.parse(body) as Told).data.lead.email } }));
    await launch(firm, beside);
    await launch(firm, trialOf(crm.url));
    const clicks: Promise<unknown>[] = [];
    const sink = await startMailSink({
      onMail: (mail) => void (isWelcome(mail) && byEmail.get(mail.to)!.clicks && clicks.push(click(firm, mail))),
    });
    const killer = createKiller(firm, { MAIL_TRANSPORT: 'smtp', SMTP_URL: sink.url, WEBHOOK_ALLOW: '127.0.0.1' }, randomOf(SEED));
    onTestFinished(async () => {
      await killer.end();
      await sink.close();
    });
    onTestFailed(() => console.error(killer.complaints.slice(-20).join('\n')));
    await killer.begin();

    // Half a day at a time: some arrive, those of the last half day look around, everybody's waits end one after the other.
    for (let tick = 0; tick < TICKS; tick++) {
      await firm.jump('12h');
      await signUp(firm, groups[tick] ?? []);
      await lookAtPrices(firm, groups[tick - 1] ?? []);
      while (killer.killed() < Math.ceil((KILLS * (tick + 1)) / TICKS)) await killer.strike();
      await Promise.all(clicks);
      await answerTasks(firm);
    }
    // Those for whose mail nobody could vouch were held for a day each time: they come last.
    for (let days = 0; days < 20 && (await active(firm)) > 0; days += 2) {
      await leasesRunOut(firm.pool);
      await firm.settle(120_000);
      await answerTasks(firm);
      await firm.jump('2d');
    }
    await firm.settle(120_000);
    expect(killer.killed()).toBeGreaterThanOrEqual(KILLS);

    const counts = countBySendKey(sink.received);
    expect(
      [...counts].filter(([, count]) => count > 1),
      'mailed twice',
    ).toEqual([]);

    const sends = await ledger(firm);
    const unknown = sends.filter((one) => one.state === 'unknown');
    console.info(
      `crash test: ${sink.received.length} mails, ${unknown.length} of them or of those that never arrived are unknown: ${unknown
        .map((one) => one.sendKey)
        .slice(0, 10)
        .join(', ')}`,
    );
    expect(new Set(sends.map((one) => one.state)), 'states of the ledger').toEqual(
      new Set(unknown.length > 0 ? ['accepted', 'unknown'] : ['accepted']),
    );
    expect(
      sends.filter((one) => one.state === 'accepted' && counts.get(one.sendKey) !== 1),
      'accepted, yet not received',
    ).toEqual([]);
    expect(
      [...counts.keys()].filter((key) => !sends.some((one) => one.sendKey === key)),
      'received, yet not in the ledger',
    ).toEqual([]);

    const clicked = new Set(sink.received.filter((mail) => isWelcome(mail) && byEmail.get(mail.to)!.clicks).map((mail) => mail.to));
    const wanted = people.flatMap(({ email, asks }) => [
      `${email} welcome`,
      `${email} ${clicked.has(email) ? 'study' : 'nudge'}`,
      ...(asks ? [] : [`${email} last`]),
    ]);
    const queued = sends.flatMap(({ lead, stepId, marketing }) => (stepId && marketing ? [`${lead} ${stepId}`] : []));
    expect(queued.toSorted(), 'exactly the mails that each should have').toEqual(wanted.toSorted());

    expect(await enrolments(firm)).toEqual([{ state: 'exited', reason: 'over', n: LEADS }]);
    const asking = people.filter((one) => one.asks).length;
    expect(await effects(firm)).toEqual({
      noted: LEADS,
      firms: 100,
      ways: LEADS,
      refusals: LEADS,
      met: LEADS,
      webhooks: asking,
      known: asking,
      notices: asking,
      words: asking,
      tasks: 20,
      won: asking,
      beside: LEADS,
    });
    // Who is killed between the answer and its note asks again, under the same id.
    for (const path of ['/leads', '/sales']) {
      const told = new Map(crm.received.filter((one) => one.path === path).map((one) => [one.headers['webhook-id'], one]));
      const heard = [...told.values()].map(({ body }) => (JSON.parse(body) as Told).data.lead.email);
      expect(heard.toSorted(), `told ${path}`).toEqual(people.flatMap(({ email, asks }) => (asks ? [email] : [])).toSorted());
    }
    expect(await doubled(firm)).toEqual([]);
    expect(await opportunities(firm), await handedOver(firm)).toEqual({ open: 20, people: asking, given: 20 });
    expect(await violations(firm)).toEqual([]);
    expect(await listedUnknown(firm)).toBe(unknown.length);
  },
);

const isWelcome = (mail: ReceivedMail) => mail.sendKey.endsWith('/welcome/1');

/** The reader follows the first link of the mail; the address is in its text part too, but quoted-printable breaks lines. */
async function click(firm: Workspace, mail: ReceivedMail): Promise<void> {
  const text = mail.raw.replaceAll('=\r\n', '').replaceAll('=3D', '=');
  const link = /http:\/\/tendril\.test(\/c\/[\w.~-]+)/.exec(text)![1]!;
  expect(await firm.anyone.get(link)).toHaveStatus(302);
}

async function signUp(firm: Workspace, group: readonly Person[]): Promise<void> {
  const visit_on = new Date((await firm.now()).getTime() + 3 * 86_400_000).toISOString();
  await track(
    firm,
    group.flatMap(({ email }) => [
      { type: 'identify', messageId: `i-${email}`, userId: email, traits: { email } },
      { type: 'track', messageId: `s-${email}`, userId: email, event: 'signed_up', properties: { visit_on } },
    ]),
  );
}

async function lookAtPrices(firm: Workspace, group: readonly Person[]): Promise<void> {
  const asking = group.filter((one) => one.asks);
  await track(
    firm,
    asking.map(({ email }) => ({ type: 'track', messageId: `p-${email}`, userId: email, event: 'pricing_viewed' })),
  );
}

/** The reps win them all, one after the other; whoever of the company waits goes on with it. */
async function answerTasks(firm: Workspace): Promise<void> {
  const { rows } = await firm.pool.query<{ id: string }>(`select id from task where state = 'open'`);
  for (const { id } of rows) expect(await firm.post(`/v1/tasks/${id}/done`, { outcome: 'won' })).toHaveStatus(200);
}

async function track(firm: Workspace, batch: object[]): Promise<void> {
  if (batch.length > 0) expect(await firm.post('/v1/batch', { batch })).toHaveStatus(200);
}

async function ledger({ pool }: Workspace) {
  const { rows } = await pool.query<{ sendKey: string; state: string; lead: string; stepId: string | null; marketing: boolean }>(
    `select s.send_key as "sendKey", s.state, l.email as lead, s.step_id as "stepId", s.class = 'marketing' as marketing from send s left join lead l on l.id = s.lead_id`,
  );
  return rows;
}

async function enrolments({ pool }: Workspace) {
  const { rows } = await pool.query<object>(
    `select e.state, e.end_reason as reason, count(*)::int as n from enrolment e join campaign c on c.id = e.campaign_id where c.key = 'trial' group by 1, 2`,
  );
  return rows;
}

/** What the steps have left behind, each once for everybody whom it concerns. */
async function effects({ pool }: Workspace) {
  const { rows } = await pool.query<object>(
    `select (select count(*)::int from lead where attributes -> 'noted' = 'true' and tags @> '{noted}') as noted,
            (select count(*)::int from account where attributes ->> 'tier' = '2') as firms,
            (select count(*)::int from split_member) as ways,
            (select count(*)::int from consent where topic = 'gossip' and not granted) as refusals,
            (select count(*)::int from lead where tags @> '{met}') as met,
            (select count(*)::int from lead where tags @> '{won}') as won,
            (select count(*)::int from lead where attributes ->> 'crm_id' = email) as known,
            (select count(*)::int from send where template = 'notice' and state in ('accepted', 'unknown')) as words,
            (select count(*)::int from outgoing_call where lane = 'webhook' and state = 'done') as webhooks,
            (select count(*)::int from outgoing_call where lane = 'notify' and state = 'done') as notices,
            (select count(*)::int from task) as tasks,
            (select count(*)::int from enrolment e join campaign c on c.id = e.campaign_id where c.key = 'beside' and e.end_reason = 'stopped')
              + (select count(*)::int from journal where kind = 'not_entered' and because ->> 'rule' = 'stopped') as beside`,
  );
  return rows[0];
}

/** Journal lines that tell twice of what happens once: a step passed, an entry, an end, a task asked for. */
async function doubled({ pool }: Workspace) {
  const { rows } = await pool.query<object>(
    `select kind, step_id as step, enrolment_id as enrolment, count(*)::int as n from journal
      where enrolment_id is not null and kind in ('entered', 'stepped', 'goal', 'exited', 'completed', 'task_opened', 'task_done')
      group by 1, 2, 3 having count(*) > 1 limit 5`,
  );
  return rows;
}

async function active({ pool }: Workspace): Promise<number> {
  return (await pool.query<{ n: number }>(`select count(*)::int as n from enrolment where state = 'active' and step_id <> 'long'`)).rows[0]!
    .n;
}

/**
 * First offers are those before which nobody passed theirs on. By the order of the journal, not by its times: where the clock jumps in the middle of a pass over the
 * queue, the offer and the whole ladder above it are of one instant.
 */
async function opportunities({ pool }: Workspace) {
  const { rows } = await pool.query<object>(
    `select (select count(*)::int from opportunity where closed_at is null and owner_rep_id is not null) as open,
            (select count(*)::int from opportunity_lead) as people,
            (select count(*)::int from journal where kind = 'offered' and because ->> 'by' = 'rotation' and opportunity_id is not null
               and not exists (select from journal p where p.opportunity_id = journal.opportunity_id and p.kind = 'passed_on' and p.id < journal.id)) as given`,
  );
  return rows[0];
}

/** What the journal says of handing over, told when a count of it is wrong: which kinds, why, and when. */
async function handedOver({ pool }: Workspace): Promise<string> {
  const { rows } = await pool.query<object>(
    `select opportunity_id, string_agg(concat_ws(' ', kind, because ->> 'by', at), ', ' order by at, id) as said
       from journal where opportunity_id is not null and kind in ('offered', 'passed_on', 'held', 'moved_on') group by opportunity_id order by opportunity_id`,
  );
  return rows.map((row) => JSON.stringify(row)).join('\n');
}

/** How many mails the doctor lists as unknown. */
async function listedUnknown(firm: Workspace): Promise<number> {
  const { items } = (await (await firm.get('/v1/doctor')).json()) as { items: { check: string; listed: number }[] };
  return items.find((one) => one.check === 'send-unknown')!.listed;
}
