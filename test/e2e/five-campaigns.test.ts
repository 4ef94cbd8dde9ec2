import { expect, test } from 'vitest';
import { standing } from '../support/campaigns.ts';
import { demoFirm, launchSaved } from '../support/demo-firm.ts';
import { happen } from '../support/people.ts';
import type { Workspace } from '../support/workspace.ts';

/** What somebody was sent, in order: when (workspace time) and the subject. */
const mailed = async (firm: Workspace, email: string): Promise<string[]> =>
  (await firm.outbox(email)).map(({ at, subject }) => `${at.toISOString().slice(0, 16)} ${subject}`);

async function follow(firm: Workspace, email: string, nth: number): Promise<void> {
  const mail = (await firm.outbox(email))[nth]!;
  const link = new URL(mail.links.find((one) => one.includes('/c/'))!);
  expect(await firm.anyone.get(link.pathname)).toHaveStatus(302);
}

test('webinar: a date that moves, a late registrant, and one person at two webinars', { timeout: 60_000 }, async () => {
  const firm = await demoFirm(['webinar'], '2026-03-02T09:00:00Z');
  await launchSaved(firm, 'webinar');
  const occasion = (key: string, startsAt: string, endsAt: string) =>
    firm.put(`/v1/occasions/${key}`, { name: key, kind: 'webinar', startsAt, endsAt, timezone: 'Europe/Berlin' });
  const guest = (key: string, email: string, state = 'registered') =>
    firm.post(`/v1/occasions/${key}/guests`, { guests: [{ email, state }] });
  await occasion('sizing', '2026-03-10T14:00:00Z', '2026-03-10T15:00:00Z');
  await occasion('brine', '2026-03-10T14:30:00Z', '2026-03-10T15:30:00Z');
  for (const key of ['sizing', 'brine']) expect(await guest(key, 'ana@aguas.example')).toHaveStatus(200);
  await firm.settle();
  expect(await standing(firm, 'webinar', 'ana@aguas.example')).toHaveLength(2);

  await firm.jump('2026-03-09T09:00:00Z');
  await occasion('sizing', '2026-03-12T14:00:00Z', '2026-03-12T15:00:00Z');
  await firm.settle();
  await firm.jump('2026-03-10T13:30:00Z');
  await firm.settle();
  expect(await mailed(firm, 'ana@aguas.example'), 'of the one that moved, nothing yet').toEqual(['2026-03-10T13:30 We start in an hour']);
  await firm.jump('2026-03-11T15:30:00Z');
  await firm.settle();
  await firm.jump('2026-03-12T13:00:00Z');
  await firm.settle();

  // Too late for the reminder, not for the recording.
  await firm.jump('2026-03-12T13:20:00Z');
  await guest('sizing', 'late@aguas.example');
  await guest('sizing', 'ana@aguas.example', 'attended');
  await firm.settle();
  await firm.jump('2026-03-13T15:00:00Z');
  await firm.settle();
  expect(await mailed(firm, 'ana@aguas.example')).toEqual([
    '2026-03-10T13:30 We start in an hour',
    '2026-03-11T15:30 The recording, in four chapters',
    '2026-03-12T13:00 We start in an hour',
    '2026-03-12T13:20 Thank you for coming',
  ]);
  expect(await mailed(firm, 'late@aguas.example')).toEqual(['2026-03-13T15:00 The recording, in four chapters']);
  expect((await standing(firm, 'webinar', 'ana@aguas.example')).map(({ state }) => state)).toEqual(['completed', 'completed']);
});

test('sunset: whoever is silent at launch is asked; a click keeps them, silence takes them off the list', { timeout: 60_000 }, async () => {
  const firm = await demoFirm(['sunset'], '2025-06-02T09:00:00Z');
  await happen(firm.pool, 'form_submitted', [{ email: 'stays@old.example' }, { email: 'goes@old.example' }]);
  await firm.jump('2026-02-02T08:00:00Z');
  await happen(firm.pool, 'page_viewed', [{ email: 'new@old.example' }]);
  await firm.jump('2026-03-02T12:00:00Z');
  await launchSaved(firm, 'sunset');
  await firm.settle();
  // They are let in one by one, at 500 an hour.
  await firm.jump('2026-03-02T12:05:00Z');
  await firm.settle();
  expect((await firm.outbox()).map(({ to, subject }) => `${to} ${subject}`).toSorted()).toEqual([
    'goes@old.example Shall we keep writing?',
    'stays@old.example Shall we keep writing?',
  ]);

  await follow(firm, 'stays@old.example', 0);
  await firm.settle();
  expect(await standing(firm, 'sunset', 'stays@old.example')).toMatchObject([{ state: 'exited', endReason: 'exitWhen' }]);
  for (const at of ['2026-03-24T10:00:00Z', '2026-04-08T10:00:00Z']) {
    await firm.jump(at);
    await firm.settle();
  }
  expect(await mailed(firm, 'goes@old.example')).toEqual([
    '2026-03-02T12:05 Shall we keep writing?',
    expect.stringContaining('Our last letter'),
  ]);
  const { rows } = await firm.pool.query(
    `select l.email, c.granted from consent c join lead l on l.id = c.lead_id where topic = 'product-news'`,
  );
  expect(rows).toEqual([{ email: 'goes@old.example', granted: false }]);
});

test(
  'account play: the decider stands for the firm, its influencers follow; when one of them answers, all hear no more',
  { timeout: 60_000 },
  async () => {
    const firm = await demoFirm(['play-influencer', 'account-play'], '2026-03-02T09:00:00Z');
    await launchSaved(firm, 'play-influencer', 'account-play');
    // Whoever is in the segment when it is filled for the first time was in it at launch.
    await firm.settle();
    const people = { dec: 'decider', inf1: 'influencer', inf2: 'influencer', inf3: 'influencer', user: 'user' };
    for (const [name, role] of Object.entries(people)) {
      await happen(firm.pool, 'form_submitted', [
        { email: `${name}@huadong.example`, company: 'Huadong', attributes: { buying_role: role } },
      ]);
    }
    await firm.post('/v1/identify', { userId: 'u1', traits: { email: 'dec@huadong.example' } });
    expect(
      await firm.post('/v1/group', {
        userId: 'u1',
        groupId: 'huadong.example',
        traits: { domain: 'huadong.example', employees: 900, industry: 'chemicals' },
      }),
    ).toHaveStatus(200);
    await firm.settle();
    expect((await firm.outbox()).map(({ to, subject }) => `${to} ${subject}`)).toEqual([
      'dec@huadong.example What your neighbours changed about their pumps',
    ]);

    await firm.jump('2026-03-09T10:00:00Z');
    await firm.settle();
    const studied = (await firm.outbox()).filter(({ to }) => to.startsWith('inf')).map(({ to }) => to);
    expect(new Set(studied).size).toBe(2);
    await happen(firm.pool, 'email_replied', [{ email: studied[0]! }]);
    await firm.settle();
    await firm.jump('60d');
    await firm.settle();
    expect(await standing(firm, 'account-play', 'dec@huadong.example')).toMatchObject([{ state: 'exited', endReason: 'exitWhen' }]);
    for (const email of studied)
      expect(await standing(firm, 'play-influencer', email)).toMatchObject([{ state: 'exited', endReason: 'exitWhen' }]);
    expect((await firm.outbox()).filter(({ to }) => to.endsWith('huadong.example'))).toHaveLength(3);
    expect((await firm.pool.query('select from task')).rowCount).toBe(0);
  },
);

test('renewal: two months before, one month before, until somebody else of the firm has renewed', { timeout: 60_000 }, async () => {
  const firm = await demoFirm(['renewal'], '2026-01-05T09:00:00Z');
  await launchSaved(firm, 'renewal');
  await happen(firm.pool, 'form_submitted', [
    { email: 'dec@aguas.example', company: 'Aguas', attributes: { buying_role: 'decider' } },
    { email: 'tech@aguas.example', company: 'Aguas', attributes: { buying_role: 'user' } },
    { email: 'dec@holm.example', company: 'Holm', attributes: { buying_role: 'decider' } },
  ]);
  const contract = (domain: string, ends: string, status = 'active') =>
    firm.put(`/v1/records/contract/${domain}`, { account: { domain }, status, dates: { ends_at: ends } });
  await contract('aguas.example', '2026-07-01');
  await contract('holm.example', '2026-07-01');
  await firm.settle();
  for (const at of ['2026-04-03T09:00:00Z', '2026-05-02T12:00:00Z', '2026-05-05T12:00:00Z']) {
    await firm.jump(at);
    await firm.settle();
  }
  expect((await firm.outbox()).map(({ to }) => to).toSorted()).toEqual(['dec@aguas.example', 'dec@holm.example']);

  // The technician renews; the date of the other firm's contract moves.
  expect(await contract('aguas.example', '2026-07-01', 'renewed')).toHaveStatus(200);
  expect(await contract('holm.example', '2027-07-01')).toHaveStatus(200);
  await firm.settle();
  expect(await standing(firm, 'renewal', 'dec@aguas.example')).toMatchObject([{ state: 'goal' }]);
  expect(await standing(firm, 'renewal', 'dec@holm.example')).toMatchObject([{ state: 'exited', endReason: 'date_moved' }]);
  await firm.jump('2026-06-20T12:00:00Z');
  await firm.settle();
  expect((await firm.outbox()).filter(({ to }) => to.startsWith('dec@'))).toHaveLength(2);
});

test('trial: held out or treated, at most two mails a week, and back when sales says not now', { timeout: 60_000 }, async () => {
  const firm = await demoFirm(['pump-trial-nurture'], '2026-03-02T09:00:00Z');
  await launchSaved(firm, 'pump-trial-nurture');
  const emails = Array.from({ length: 60 }, (_, n) => `p${n}@plant${n}.example`);
  await happen(
    firm.pool,
    'form_submitted',
    emails.map((email) => ({ email, title: 'Head of Maintenance', country: 'DE', attributes: { industry: 'chemicals' } })),
    { form: 'trial' },
  );
  await firm.settle();
  const { rows: inIt } = await firm.pool.query<{ email: string; holdout: boolean }>(
    'select l.email, e.holdout from enrolment e join lead l on l.id = e.lead_id order by l.email',
  );
  const heldOut = inIt.filter(({ holdout }) => holdout).map(({ email }) => email);
  expect(inIt).toHaveLength(60);
  expect(heldOut.length).toBeGreaterThan(0);
  expect(heldOut.length).toBeLessThan(20);
  const welcomed = new Set((await firm.outbox()).map(({ to }) => to));
  expect([...welcomed].filter((to) => heldOut.includes(to))).toEqual([]);
  expect(welcomed.size).toBe(60 - heldOut.length);

  const hot = emails.find((email) => !heldOut.includes(email))!;
  await happen(firm.pool, 'pricing_viewed', [{ email: hot }]);
  await firm.jump('3d');
  await firm.settle();
  await firm.jump('7d');
  await firm.settle();
  const [opportunity] = (
    await firm.pool.query<{ id: string }>('select o.id from opportunity o join lead l on l.id = o.lead_id where l.email = $1', [hot])
  ).rows;
  expect(await firm.post(`/v1/opportunities/${opportunity!.id}/reject`, { reason: 'not_now' })).toHaveStatus(200);
  await firm.settle();
  while ((await standing(firm, 'pump-trial-nurture', hot))[0]!.state === 'active' && (await firm.jumpToNext())) await firm.settle();
  expect((await mailed(firm, hot)).at(-1)).toContain('The three curves that matter');

  const perWeek = new Map<string, number>();
  for (const { to, at } of (await firm.outbox()).filter((mail) => mail.to.includes('@plant'))) {
    const week = `${to} ${Math.floor((at.getTime() / 86_400_000 + 3) / 7)}`;
    perWeek.set(week, (perWeek.get(week) ?? 0) + 1);
  }
  expect(Math.max(...perWeek.values())).toBeLessThanOrEqual(2);
  expect((await firm.outbox()).filter(({ to }) => heldOut.includes(to))).toEqual([]);
});
