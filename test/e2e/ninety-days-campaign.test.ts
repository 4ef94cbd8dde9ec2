import { expect, test } from 'vitest';
import { disagreements } from '../support/books.ts';
import { campaignOf, launch, topics } from '../support/campaigns.ts';
import { violations } from '../support/chaos.ts';
import { readOutbox } from '../support/outbox.ts';
import { happen } from '../support/people.ts';
import { workspace, type Workspace } from '../support/workspace.ts';

/** A Saturday, when every window is shut. The 90 days see New York (14 March), Berlin (28 March) and Lord Howe (4 April, half an hour) change their clocks. */
const START = new Date('2027-02-20T12:00:00Z');
const SECOND = new Date('2027-03-12T15:00:00Z');
const GOALS = new Date('2027-03-31T07:00:00Z');
const END = new Date(START.getTime() + 90 * 86_400_000);

/** Where people live, and how the workspace knows: by an explicit zone, or by the country. */
const homes = [
  { zone: 'America/New_York', timezone: 'America/New_York', country: 'US' },
  { zone: 'Europe/Berlin', country: 'DE' },
  { zone: 'Australia/Lord_Howe', timezone: 'Australia/Lord_Howe', country: 'AU' },
  { zone: 'Asia/Kolkata', country: 'IN' },
];
const people = Array.from({ length: 1_000 }, (_, n) => ({ email: `person${n}@firm${n % 250}.example`, home: homes[n % 4]!, n }));
type Person = (typeof people)[number];
const byEmail = new Map(people.map((one) => [one.email, one]));
const newPerson = ({ email, home: { country, timezone } }: Person) => ({ email, country, ...(timezone && { timezone }) });

const window = { days: 'mon-fri', from: '09:00', to: '17:00' };
const arms = [
  { key: 'plain', steps: [{ id: 'mail-plain', send: 'study' }] },
  { key: 'bold', steps: [{ id: 'mail-bold', send: 'study' }] },
];
const nurture = campaignOf({
  key: 'nurture',
  holdout: '10%',
  goal: { event: 'demo_booked', then: [{ id: 'thanks', send: 'thanks' }] },
  sending: { window, timezone: 'lead', cap: { per: 'week', max: 2 } },
  steps: [
    { id: 'welcome', send: 'welcome' },
    { id: 'w1', wait: '4h' },
    { id: 'tip', send: 'nudge' },
    { id: 'subject', split: { arms, metric: 'clicked', minimum: 100, within: '10d' } },
    { id: 'w2', wait: '14d' },
    { id: 'news', send: 'nudge' },
    { id: 'w3', wait: '20d' },
    { id: 'tuesday', wait: { until: { weekday: 'tue', at: '10:00' } } },
    { id: 'last', send: 'last-call' },
  ],
});
/** Beside it, for some of the people: what both send together is what the workspace's cap counts. */
const tips = campaignOf({
  key: 'tips',
  entry: { event: 'signed_up', if: { 'lead.country': 'IN' } },
  sending: { window, timezone: 'lead' },
  steps: [
    { id: 'one', send: 'nudge' },
    { id: 'two', send: 'study' },
  ],
});

interface Sent {
  email: string;
  campaign: string;
  step: string;
  at: Date;
}
const sent = async ({ pool }: Workspace) =>
  (
    await pool.query<Sent>(
      `select l.email, c.key as campaign, s.step_id as step, s.in_flight_at as at
         from send s join campaign c on c.id = s.campaign_id join lead l on l.id = s.lead_id where s.state = 'accepted' order by s.in_flight_at`,
    )
  ).rows;

const formats = new Map(
  homes.map(({ zone }) => [
    zone,
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    }),
  ]),
);
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** What the clock and the calendar of the reader's home show when the mail leaves: told by Intl, not by our own calendar. */
function locally({ email, at }: Sent): { weekday: string; time: string; date: string; week: string } {
  const parts = formats.get(byEmail.get(email)!.home.zone)!.formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)!.value;
  const date = `${part('year')}-${part('month')}-${part('day')}`;
  const monday = new Date(Date.parse(date) - weekdays.indexOf(part('weekday')) * 86_400_000).toISOString().slice(0, 10);
  return { weekday: part('weekday'), time: `${part('hour')}:${part('minute')}`, date, week: monday };
}

/** The groups of mails with more in them than allowed. */
function over(mails: readonly Sent[], max: number, group: (mail: Sent) => string): string[] {
  const counts = new Map<string, number>();
  for (const mail of mails) counts.set(group(mail), (counts.get(group(mail)) ?? 0) + 1);
  return [...counts].filter(([, n]) => n > max).map(([key, n]) => `${key}: ${n}`);
}

/** Readers of the first cohort follow the link of the bold mail more often than that of the plain one. */
async function click(firm: Workspace, mails: readonly Sent[]): Promise<void> {
  const clicking = mails.filter(({ email, step }) => byEmail.get(email)!.n % 10 < { 'mail-bold': 4, 'mail-plain': 1 }[step]!);
  for (const { email, step } of clicking) {
    const mail = (await readOutbox(firm.pool, email)).find((one) => one.sendKey!.includes(`/${step}/`))!;
    const link = mail.links.find((one) => one.includes('/c/'))!;
    expect(await firm.anyone.get(new URL(link).pathname)).toHaveStatus(302);
  }
}

test(
  'ninety days, a thousand people in four zones: windows, caps, a winner, a holdout; the books agree',
  { timeout: 300_000 },
  async () => {
    const firm = await workspace({ at: START, documents: { ...topics, sending: { default: { caps: { per: 'day', max: 1 } } } } });
    await firm.pool.query(`update workspace set timezone = 'UTC', postal_address = 'Kaistrasse 9, 24103 Kiel'`);
    await launch(firm, nurture);
    await launch(firm, tips);
    await firm.startWorker();

    const [first, second] = [people.slice(0, 500), people.slice(500)];
    const acts = [
      { at: START, act: () => happen(firm.pool, 'signed_up', first.map(newPerson)) },
      { at: SECOND, act: () => happen(firm.pool, 'signed_up', second.map(newPerson)) },
      { at: GOALS, act: () => happen(firm.pool, 'demo_booked', people.filter(({ n }) => n % 20 === 3).map(newPerson)) },
    ];
    let clicked = 0;
    let jumps = 0;
    for (;;) {
      const now = await firm.now();
      while (acts[0] && acts[0].at <= now) await acts.shift()!.act();
      await firm.settle(120_000);
      const { rows: winner } = await firm.pool.query('select from split_experiment where winner is not null');
      if (winner.length === 0) {
        const studies = (await sent(firm)).filter(({ step }) => step.startsWith('mail-'));
        await click(firm, studies.slice(clicked));
        clicked = studies.length;
      }
      await firm.settle(120_000);
      const { nextDue } = (await (await firm.get('/v1/clock')).json()) as { nextDue: string | null };
      const next = Math.min(nextDue ? Date.parse(nextDue) : Infinity, acts[0]?.at.getTime() ?? Infinity, END.getTime());
      await firm.jump(new Date(next));
      jumps++;
      if (next === END.getTime()) break;
    }
    await firm.settle(120_000);
    const mails = await sent(firm);
    console.info(`ninety days: ${jumps} instants at which something was due, ${mails.length} mails`);

    expect(
      mails.filter((mail) => {
        const { weekday, time } = locally(mail);
        return weekday.startsWith('S') || time < '09:00' || time >= '17:00';
      }),
    ).toEqual([]);
    expect(new Set(mails.filter(({ step }) => step === 'last').map((mail) => `${locally(mail).weekday} ${locally(mail).time}`))).toEqual(
      new Set(['Tue 10:00']),
    );
    expect(over(mails, 1, (mail) => `${mail.email} on ${locally(mail).date}`)).toEqual([]);
    const ofNurture = mails.filter(({ campaign }) => campaign === 'nurture');
    expect(over(ofNurture, 2, (mail) => `${mail.email} in the week of ${locally(mail).week}`)).toEqual([]);
    // Both caps were worth having: somebody had as much as they allow.
    expect(over(ofNurture, 1, (mail) => `${mail.email} in the week of ${locally(mail).week}`).length).toBeGreaterThan(500);

    const ground = await standings(firm);
    expect(ground).toMatchObject({ stranded: 0, failed: 0, early: 0, unexplained: 0 });
    expect(ground.delays).toEqual(expect.arrayContaining(['cap:day', 'cap:week', 'window']));
    expect(ground.heldOut).toBeGreaterThan(70);
    expect(ground.heldOut).toBeLessThan(130);
    expect(ground.mailsToHeldOut).toBe(0);
    expect(await arrivals(firm)).toEqual({ before: ['bold', 'plain'], after: ['bold'], winner: 'bold' });

    expect(await disagreements(firm)).toEqual([]);
    expect(await queuedAndTold(firm)).toMatchObject({ untold: 0, unwritten: 0, accepted: mails.length });
    expect(await violations(firm)).toEqual([]);
  },
);

/** Who stands where in the end, and what delayed the mails. */
async function standings({ pool }: Workspace) {
  const { rows } = await pool.query<{
    stranded: number;
    failed: number;
    early: number;
    unexplained: number;
    heldOut: number;
    mailsToHeldOut: number;
    delays: string[];
  }>(
    `select (select count(*)::int from enrolment where state = 'active' and (due_at is null or due_at <= clock())) as stranded,
            (select count(*)::int from enrolment where error is not null) as failed,
            (select count(*)::int from send where in_flight_at < due_at) as early,
            (select count(*)::int from send s where s.in_flight_at > (select min(j.at) from journal j where j.lead_id = s.lead_id and j.enrolment_id = s.enrolment_id and j.step_id = s.step_id)
                and not exists (select from journal j where j.lead_id = s.lead_id and j.enrolment_id = s.enrolment_id and j.step_id = s.step_id
                                   and (j.because ? 'held' or j.because ->> 'leaves' is not null))) as unexplained,
            (select count(*)::int from enrolment where holdout) as "heldOut",
            (select count(*)::int from send s join enrolment e on e.id = s.enrolment_id where e.holdout) as "mailsToHeldOut",
            (select array_agg(distinct coalesce('cap:' || (because -> 'held' ->> 'per'), because -> 'delayed' ->> 'by'))
               from journal where kind = 'stayed' and because ->> 'rule' = 'send') as delays`,
  );
  return rows[0]!;
}

/** Which arms people were sent into before there was a winner, and after. */
async function arrivals({ pool }: Workspace) {
  const { rows } = await pool.query<{ before: string[]; after: string[]; winner: string }>(
    `select array_agg(distinct m.arm order by m.arm) filter (where m.at < x.decided_at) as before,
            array_agg(distinct m.arm order by m.arm) filter (where m.at >= x.decided_at) as after, min(x.winner) as winner
       from split_member m join split_experiment x using (campaign_id, step_id)`,
  );
  return rows[0]!;
}

/** Each mail of the ledger has its line in the journal that queued it, and each such line its mail. */
async function queuedAndTold({ pool }: Workspace) {
  const { rows } = await pool.query<{ untold: number; unwritten: number; accepted: number }>(
    `with queued as (
       select enrolment_id, step_id from journal
        where kind = 'stayed' and because ->> 'rule' = 'send' and not because ? 'held' and not because ? 'skipped')
     select (select count(*)::int from send s where (select count(*) from queued q where q.enrolment_id = s.enrolment_id and q.step_id = s.step_id) <> 1) as untold,
            (select count(*)::int from queued q where not exists (select from send s where s.enrolment_id = q.enrolment_id and s.step_id = q.step_id)) as unwritten,
            (select count(*)::int from journal where because ->> 'rule' = 'sent' and because ->> 'mail' = 'accepted') as accepted`,
  );
  return rows[0]!;
}
