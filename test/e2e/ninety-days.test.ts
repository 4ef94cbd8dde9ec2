import { expect, test } from 'vitest';
import { readDemo, readDemoFolder } from '../../demo/documents.ts';
import { disagreements } from '../support/books.ts';
import { launch } from '../support/campaigns.ts';
import { violations } from '../support/chaos.ts';
import { type CapturedMail, readOutbox } from '../support/outbox.ts';
import { type Workspace, workspace } from '../support/workspace.ts';

const DAY = 86_400_000;
const START = new Date('2027-01-11T10:00:00Z');
const END = new Date(START.getTime() + 90 * DAY);
const zones: Record<string, string> = { DE: 'Europe/Berlin', GB: 'Europe/London', JP: 'Asia/Tokyo' };

interface Keyed {
  key: string;
}
interface CampaignDocument extends Keyed {
  sending?: { window?: { from: string; to: string } };
  steps: object[];
}

/** Sixty people of twenty firms in three zones; they come in six groups over four weeks, two of the groups on a weekend. */
const people = Array.from({ length: 60 }, (_, n) => ({
  n,
  email: `person${n}@firm${n % 20}.example`,
  country: Object.keys(zones)[n % 3]!,
  form: ['website', 'trial', 'newsletter', null][n % 4]!,
  comesAt: START.getTime() + [0, 5, 9, 12, 20, 27][n % 6]! * DAY,
}));
type Person = (typeof people)[number];
const byEmail = new Map(people.map((one) => [one.email, one]));

/** The campaigns that what people do here brings them into; the others have tests of their own (five-campaigns). */
const KEYS = new Set(['first-pump', 'newsletter-welcome', 'pump-enquiry', 'pump-trial-nurture', 'selector-follow-up']);
const campaignDocuments = async () => (await readDemoFolder<CampaignDocument>('campaigns')).filter(({ key }) => KEYS.has(key));

/** Ostara Pumps' own documents, on a frozen clock. */
async function ostara(): Promise<Workspace> {
  const keyed = async (folder: string) => Object.fromEntries((await readDemoFolder<Keyed>(folder)).map((one) => [one.key, one]));
  const singleton = async (name: string) => ({ default: await readDemo(name) });
  const firm = await workspace({
    at: START,
    documents: {
      form: await keyed('forms'),
      segment: await keyed('segments'),
      scoring: await singleton('scoring'),
      standard: await singleton('standard'),
      sla: await singleton('sla'),
      topics: await singleton('topics'),
      calendar: await singleton('calendar'),
    },
  });
  await firm.pool.query(`update workspace set timezone = 'Europe/Berlin', country = 'DE', postal_address = 'Kaistrasse 9, 24103 Kiel'`);
  expect(await firm.put('/v1/reps', { items: await readDemo('reps') })).toHaveStatus(200);
  for (const { key, ...pool } of await readDemo<Keyed[]>('pools')) expect(await firm.put(`/v1/pools/${key}`, pool)).toHaveStatus(200);
  for (const campaign of await campaignDocuments()) await launch(firm, { ...campaign });
  return firm;
}

/** What people do of themselves, in order. */
function plan(firm: Workspace): { at: number; act(): Promise<unknown> }[] {
  const track = ({ email }: Person, event: string, properties: object = {}) => firm.post('/v1/track', { userId: email, event, properties });
  const later = (one: Person, days: number, event: string, properties?: object) => ({
    at: one.comesAt + days * DAY,
    act: () => track(one, event, properties),
  });
  return people
    .flatMap((one) => [
      {
        at: one.comesAt,
        act: () =>
          firm.post('/v1/identify', {
            userId: one.email,
            traits: { email: one.email, title: 'Process Engineer', address: { country: one.country } },
          }),
      },
      one.form
        ? {
            at: one.comesAt,
            act: () =>
              firm.anyone.post(`/f/${one.form}`, {
                email: one.email,
                name: `Person ${one.n}`,
                job_title: 'Process Engineer',
                country: one.country,
              }),
          }
        : later(one, 0, 'pump_selector_used'),
      ...(one.n % 5 === 0 ? [later(one, 3, 'pricing_viewed'), later(one, 3, 'datasheet_downloaded')] : []),
      ...(one.n % 11 === 0 ? [later(one, 5, 'demo_booked')] : []),
      ...(one.n % 15 === 0 ? [later(one, 40, 'order_delivered', { order: `A-${one.n}` })] : []),
      ...(one.n === 15 ? [later(one, 45, 'service_case_opened')] : []),
    ])
    .toSorted((a, b) => a.at - b.at);
}

const pathOf = (mail: CapturedMail, part: string) => {
  const link = mail.links.find((one) => one.includes(part));
  return link ? new URL(link).pathname : null;
};

/** What people do with a mail: every third reader clicks, every ninth has had enough; reps take what they are offered, but for one. */
async function read(firm: Workspace, mail: CapturedMail): Promise<void> {
  const reader = byEmail.get(mail.to);
  const [click, offer] = [pathOf(mail, '/c/'), pathOf(mail, '/o/')];
  if (reader && reader.n % 3 === 0 && click) expect(await firm.anyone.get(click)).toHaveStatus(302);
  if (reader && reader.n % 9 === 4 && !mail.sendKey!.includes('/welcome/')) {
    const unsubscribe = mail.headers.get('list-unsubscribe');
    if (unsubscribe)
      await firm.anyone.post(new URL(unsubscribe.slice(1, -1)).pathname, new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }));
  }
  if (offer && !mail.to.startsWith('priya')) {
    const accepted = await firm.anyone.post(offer, new URLSearchParams());
    if (accepted.status !== 200) return;
    const id = mail.sendKey!.split('/')[0]!;
    await firm.post(`/v1/opportunities/${id}/touch`, {});
    expect(await firm.post(`/v1/opportunities/${id}/close`, { outcome: 'lost', reason: 'silent' })).toHaveStatus(200);
  }
}

test('ninety days of Ostara Pumps: every mail in its window, journal and ledger agree, nobody stranded', { timeout: 300_000 }, async () => {
  const firm = await ostara();
  await firm.startWorker();
  const acts = plan(firm);
  let readSoFar = 0;
  let jumps = 0;
  for (;;) {
    const now = (await firm.now()).getTime();
    while (acts[0] && acts[0].at <= now) {
      const answer = (await acts.shift()!.act()) as Response;
      expect(answer.ok, `${answer.status}`).toBe(true);
    }
    await firm.settle();
    const fresh = await readOutbox(firm.pool, undefined, readSoFar);
    readSoFar += fresh.length;
    for (const mail of fresh) await read(firm, mail);
    if (fresh.length > 0) continue;

    const { nextDue } = (await (await firm.get('/v1/clock')).json()) as { nextDue: string | null };
    const next = Math.min(nextDue ? Date.parse(nextDue) : Infinity, acts[0]?.at ?? Infinity, END.getTime());
    if (next >= END.getTime()) break;
    await firm.jump(new Date(next));
    jumps++;
  }
  await firm.jump(END);
  await firm.settle();
  console.info(`ninety days: ${jumps} instants at which something was due, ${readSoFar} mails`);

  expect(await outsideTheirWindow(firm)).toEqual([]);
  expect(await disagreements(firm)).toEqual([]);
  expect(await enrolments(firm)).toMatchObject({ active: 0, failed: 0 });
  // The ground was really covered: every way to end, and every answer of sales, the ladder's included.
  expect((await enrolments(firm)).ends).toEqual(['completed', 'exited', 'goal']);
  expect(await kindsOfJournal(firm)).toEqual(
    expect.arrayContaining([
      'scored',
      'handed_off',
      'offered',
      'nudged',
      'backup_asked',
      'opportunity_accepted',
      'opportunity_lost',
      'unsubscribed',
    ]),
  );
  expect(await violations(firm)).toEqual([]);
});

/** Marketing mails that left when the window of their campaign was shut where the reader lives. */
async function outsideTheirWindow({ pool }: Workspace): Promise<unknown[]> {
  const campaigns = new Map((await campaignDocuments()).map((one) => [one.key, one]));
  const { rows } = await pool.query<{ campaign: string; stepId: string; country: string; at: Date; sendKey: string }>(
    `select c.key as campaign, s.step_id as "stepId", l.country, s.in_flight_at as at, s.send_key as "sendKey"
       from send s join campaign c on c.id = s.campaign_id join lead l on l.id = s.lead_id where s.class = 'marketing' and s.state = 'accepted'`,
  );
  expect(rows.length).toBeGreaterThan(60);
  return rows.filter(({ campaign, stepId, country, at }) => {
    const { sending, steps } = campaigns.get(campaign)!;
    if (!sending?.window || boundToNoWindow(steps).has(stepId)) return false;
    const wall = new Intl.DateTimeFormat('en-GB', {
      timeZone: zones[country],
      weekday: 'short',
      hour: '2-digit',
      minute: '2-digit',
    }).format(at);
    const time = wall.slice(-5);
    return wall.startsWith('S') || time < sending.window.from || time >= sending.window.to;
  });
}

/** Ids of the steps that say `anytime`, however deep they stand. */
function boundToNoWindow(within: unknown): Set<string> {
  if (typeof within !== 'object' || within === null) return new Set();
  const { id, send } = within as { id?: string; send?: { anytime?: boolean } };
  const here = id && send?.anytime ? [id] : [];
  return new Set([...here, ...Object.values(within).flatMap((part) => [...boundToNoWindow(part)])]);
}

async function enrolments({ pool }: Workspace) {
  const { rows } = await pool.query<{ active: number; failed: number; ends: string[] }>(
    `select count(*) filter (where state = 'active')::int as active, count(*) filter (where error is not null)::int as failed,
            array_agg(distinct state order by state) as ends from enrolment`,
  );
  return rows[0]!;
}

async function kindsOfJournal({ pool }: Workspace): Promise<string[]> {
  return (await pool.query<{ kind: string }>('select distinct kind from journal order by kind')).rows.map((row) => row.kind);
}
