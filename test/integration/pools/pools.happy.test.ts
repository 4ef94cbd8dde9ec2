import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { whoKnows } from '../../../db/queue.ts';
import { findRep } from '../../../db/reps.ts';
import { addLeads, bodyOf, handToSales, lookingAfter, mailsAbout, opportunity, story } from '../../support/sales.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

// A Monday, 09:00 in Berlin.
const MONDAY = '2026-11-23T08:00:00Z';
const office = { days: 'mon-fri', from: '09:00', to: '17:00' };

interface Seen {
  state: string;
  pool: string;
  owner: { key: string } | null;
  held: { since: string; until: string | null } | null;
  nextLookAt: string;
  returnAt: string | null;
  history: { kind: string; words: string; facts: string[] }[];
}

let firm: Workspace;
let lookAfter: ReturnType<typeof lookingAfter>['lookAfter'];

async function put(path: string, body: unknown): Promise<void> {
  expect(await firm.put(path, body)).toHaveStatus(200);
}
const rep = (key: string, also: object = {}) => ({
  key,
  name: key[0]!.toUpperCase() + key.slice(1),
  email: `${key}@firm.example`,
  timezone: 'Europe/Berlin',
  hours: office,
  ...also,
});
const see = (id: string) => bodyOf<Seen>(firm.get(`/v1/opportunities/${id}`));
const absence = (key: string, body: object) => firm.post(`/v1/reps/${key}/absence`, body);

/** New leads in this pool, looked after once. */
async function give(count: number, pool: string, also: object = {}, accounts = 0): Promise<string[]> {
  const ids = await handToSales(firm.pool, await addLeads(firm.pool, count, { accounts }), { pool, ...also });
  await lookAfter({ opportunityId: ids[0]! });
  return ids;
}
const ownersOf = async (ids: string[]) => (await Promise.all(ids.map((id) => opportunity(firm.pool, id)))).map(({ owner }) => owner);

beforeAll(async () => {
  firm = await workspace({ at: MONDAY });
  ({ lookAfter } = lookingAfter(firm.pool));
  await put('/v1/reps', {
    items: [
      rep('mia', { manager: true }),
      rep('ana'),
      rep('ben', { standIn: 'ana', languages: ['de'], skills: ['pumps'] }),
      rep('eva', { timezone: 'Asia/Kolkata' }),
      rep('kai', { capacity: { perDay: 2 } }),
      rep('ole', { partner: 'Pumpen Nord' }),
      rep('pia', { partner: 'Pumpen Nord' }),
    ],
  });
  await put('/v1/pools/rest', { name: 'Whoever is there', members: [{ rep: 'mia' }] });
});
afterAll(() => firm.close());

describe('working hours and waiting', () => {
  test('what comes in the night waits until the first is at work, and says so; what waits too long goes on to the next pool', async () => {
    await put('/v1/pools/inside', {
      name: 'Inside',
      when: 'open',
      hold: { atMost: '12h', then: 'rest' },
      members: [{ rep: 'ana' }, { rep: 'eva' }],
    });
    await firm.jump('2026-11-23T18:00:00Z');
    const [id] = await give(1, 'inside');
    // Nine in the morning in Kolkata comes before nine in Berlin.
    expect(await see(id!)).toMatchObject({
      state: 'queued',
      nextLookAt: '2026-11-24T03:30:00.000Z',
      held: { since: '2026-11-23T18:00:00.000Z', until: '2026-11-24T06:00:00.000Z' },
    });
    const { history } = await see(id!);
    expect(history.at(-1)).toMatchObject({
      kind: 'held',
      words:
        'Waits in the pool ‘inside’ until somebody is in, and no longer than 24 November 2026, 06:00 UTC (looked at again on 24 November 2026, 03:30 UTC)',
      facts: ['Ana, Eva are not at work'],
    });
    expect(await mailsAbout(firm.pool, id!)).toEqual([]);

    await absence('eva', { from: '2026-11-23T18:00:00Z' });
    await lookAfter({ opportunityId: id! });
    expect(await see(id!)).toMatchObject({ nextLookAt: '2026-11-24T06:00:00.000Z' });
    await firm.jump('2026-11-24T06:00:00Z');
    await lookAfter({ opportunityId: id! });
    expect(await see(id!)).toMatchObject({ state: 'offered', pool: 'rest', owner: { key: 'mia' }, held: null });
    expect(await story(firm.pool, id!)).toEqual(['handed_off', 'held', 'moved_on', 'offered']);
    await absence('eva', { from: null });
  });
});

describe('stand-ins, limits, skills', () => {
  test('what is somebody’s by name goes to the stand-in while they are away, and so does what was offered to them', async () => {
    await firm.jump('2026-11-24T09:00:00Z');
    await put('/v1/pools/duo', { name: 'Duo', members: [{ rep: 'ben' }] });
    const [id] = await give(1, 'duo');
    expect(await ownersOf([id!])).toEqual(['ben']);
    expect(await absence('ben', { from: '2026-11-24T09:00:00Z', to: '2026-12-01T08:00:00Z' })).toHaveStatus(200);
    await lookAfter({ opportunityId: id! });
    const seen = await see(id!);
    expect(seen).toMatchObject({ state: 'offered', owner: { key: 'ana' } });
    expect(seen.history.at(-1)!.words).toBe('Offered to Ana (stand-in for Ben, who is away)');
    const reps = (await bodyOf<{ items: { key: string }[] }>(firm.get('/v1/reps'))).items;
    expect(reps.find(({ key }) => key === 'ben')).toMatchObject({
      present: false,
      absentTo: '2026-12-01T08:00:00.000Z',
      standIn: 'ana',
      open: 0,
    });
    expect(await absence('ben', { from: null, standIn: 'ben' })).toHaveStatus(422);
    expect(await absence('ben', { from: null })).toHaveStatus(200);
  });

  test('who has had as many today as they may is passed over until tomorrow, but for what is urgent', async () => {
    await put('/v1/pools/small', { name: 'Small', members: [{ rep: 'kai' }] });
    const ids = await give(3, 'small');
    expect(await ownersOf(ids)).toEqual(['kai', 'kai', null]);
    await lookAfter({ opportunityId: ids[2]! });
    expect(await bodyOf(firm.get('/v1/pools'))).toMatchObject({
      items: expect.arrayContaining([
        expect.objectContaining({
          key: 'small',
          queued: 1,
          held: 1,
          members: [expect.objectContaining({ rep: 'kai', present: false, out: { why: 'full_today', from: '2026-11-24T23:00:00.000Z' } })],
        }),
      ]),
    });
    const [urgent] = await give(1, 'small', { urgent: true });
    expect(await ownersOf([urgent!])).toEqual(['kai']);
    expect((await see(urgent!)).history.at(-1)!.facts).toEqual([
      '100 % of the leads of a pool of 1; with this one 3, exactly their share',
      'Kai has had as many today as they may',
      'it is urgent, and nobody else had room today',
    ]);
    // A lead that was none takes no room.
    expect(await firm.post(`/v1/opportunities/${ids[0]}/reject`, { reason: 'junk', rep: 'kai' })).toHaveStatus(200);
    expect(await firm.post(`/v1/opportunities/${ids[1]}/reject`, { reason: 'junk', rep: 'kai' })).toHaveStatus(200);
    await firm.jump('2026-11-24T09:16:00Z');
    await lookAfter({ opportunityId: ids[2]! });
    expect(await ownersOf([ids[2]!])).toEqual(['kai']);
  });

  test('who asks for skills and a language gets somebody who has them', async () => {
    await put('/v1/pools/trio', { name: 'Trio', members: [{ rep: 'ana' }, { rep: 'ben' }, { rep: 'eva' }] });
    const ids = await handToSales(firm.pool, await addLeads(firm.pool, 3), { pool: 'trio' });
    await firm.pool.query(`update opportunity set routing = '{"skills": ["pumps"], "language": "de"}' where id = any($1)`, [ids]);
    await lookAfter({ opportunityId: ids[0]! });
    expect(await ownersOf(ids)).toEqual(['ben', 'ben', 'ben']);
    // The ladder, too, asks nobody else.
    const ben = (await findRep(firm.pool, 'ben'))!;
    expect(await whoKnows(firm.pool, ids[0]!)).toEqual(new Set([ben.id]));
  });
});

test('a lead rejected for a cause that is not the rep’s does not count: they are next again; the standard’s word on it is kept once', async () => {
  await put('/v1/pools/even', { name: 'Even', members: [{ rep: 'ana' }, { rep: 'ben' }] });
  const ids = await give(2, 'even');
  expect(await ownersOf(ids)).toEqual(['ana', 'ben']);
  expect(await firm.post(`/v1/opportunities/${ids[0]}/reject`, { reason: 'wrong_person', rep: 'ana' })).toHaveStatus(200);
  expect(await firm.post(`/v1/opportunities/${ids[0]}/reject`, { reason: 'wrong_person', rep: 'ana' })).toHaveStatus(409);
  expect(await story(firm.pool, ids[0]!)).toEqual(['handed_off', 'offered', 'credited', 'opportunity_rejected', 'stage_changed']);
  expect((await ownersOf(await give(3, 'even'))).filter((owner) => owner === 'ana')).toHaveLength(2);
  const { rows } = await firm.pool.query(
    `select m.given from pool_member m join pool p on p.id = m.pool_id where p.key = 'even' order by m.rep_id`,
  );
  expect(rows).toEqual([{ given: 2 }, { given: 2 }]);
});

describe('partners', () => {
  let key: string;
  const own = () => firm.with(key);

  beforeAll(async () => {
    await put('/v1/pools/nord', {
      name: 'Nord',
      partner: { name: 'Pumpen Nord', returnAfter: '2bd' },
      members: [{ rep: 'ole' }, { rep: 'pia' }],
    });
    ({ key } = await bodyOf<{ key: string }>(firm.post('/v1/keys', { name: 'nord', scopes: ['own'], partner: 'Pumpen Nord' })));
  });

  test('a partner’s people share no pool of ours, and ours none of theirs', async () => {
    expect(await firm.put('/v1/pools/mixed', { name: 'Mixed', members: [{ rep: 'ole' }] })).toHaveStatus(422);
    const theirs = { name: 'Nord', partner: { name: 'Pumpen Nord', returnAfter: '2bd' }, members: [{ rep: 'ana' }] };
    expect(await firm.put('/v1/pools/nord', theirs)).toHaveStatus(422);
  });

  test('a time that is none is refused by the name of its field', async () => {
    for (const returnAfter of ['', 'soon', '30s']) {
      const answer = await firm.put('/v1/pools/nord', { name: 'Nord', partner: { name: 'Pumpen Nord', returnAfter }, members: [] });
      expect(answer).toHaveStatus(422);
      expect(await answer.json()).toMatchObject({ issues: [{ path: 'partner.returnAfter' }] });
    }
  });

  test('a partner sees what was passed to them and nothing else, takes it, and keeps it', async () => {
    const [passed, kept] = (await give(2, 'even', {}, 2)) as [string, string];
    await firm.pool.query(
      `insert into lead_score (lead_id, slot, fit, fit_points, engagement, level, explanation, model, computed_at)
       select lead_id, 0, 'A', 90, 70, 'hot', '{}', 1, clock() from opportunity where id = $1`,
      [passed],
    );
    expect(await firm.post(`/v1/opportunities/${passed}/pass`, { pool: 'nord' })).toHaveStatus(200);
    expect(await firm.post(`/v1/opportunities/${passed}/pass`, { pool: 'nord' })).toHaveStatus(409);
    expect(await firm.post(`/v1/opportunities/${passed}/pass`, { pool: 'nowhere' })).toHaveStatus(422);
    await lookAfter({ opportunityId: passed });

    const { items } = await bodyOf<{ items: { id: string; people: { email: string }[]; returnAt: string; owner: { key: string } }[] }>(
      own().get('/v1/own/opportunities'),
    );
    expect(items.map(({ id }) => id)).toEqual([passed]);
    expect(items[0]).toMatchObject({
      returnAt: '2026-11-26T09:16:00.000Z',
      people: [{ email: expect.stringContaining('@visitor.example') }],
    });
    expect(await own().get(`/v1/own/opportunities/${kept}`)).toHaveStatus(404);
    expect(await own().post(`/v1/own/opportunities/${kept}/accept`, { rep: 'ole' })).toHaveStatus(404);
    const { rows } = await firm.pool.query<{ params: { card: object; acceptUrl: string } }>(
      `select params from send where opportunity_id = $1 and template = 'rep-lead-card' order by id desc limit 1`,
      [passed],
    );
    expect(rows[0]!.params.card).toMatchObject({ fit: null, engagement: null, why: 'Passed to you.', routed: null });
    const page = await (await firm.anyone.get(new URL(rows[0]!.params.acceptUrl).pathname)).text();
    expect(page).toContain('Passed to you.');
    expect(page).not.toContain('Score');

    const { owner } = items[0]!;
    expect(await own().post(`/v1/own/opportunities/${passed}/accept`, { rep: 'ana' })).toHaveStatus(422);
    expect(await own().post(`/v1/own/opportunities/${passed}/accept`, { rep: owner.key })).toHaveStatus(200);
    expect(await own().post(`/v1/own/opportunities/${passed}/touch`, { rep: owner.key })).toHaveStatus(200);
    expect(await see(passed)).toMatchObject({ state: 'touched', pool: 'nord', returnAt: null });
    // The account is not the partner's with it.
    const { rows: accounts } = await firm.pool.query(
      'select a.owner_rep_id from account a join opportunity o on o.account_id = a.id where o.id = $1',
      [passed],
    );
    expect(accounts).toEqual([{ owner_rep_id: null }]);
  });

  test('what they do not accept in time comes back to the pool it came from; the managers hear of it', async () => {
    const [id] = (await give(1, 'even')) as [string];
    await firm.post(`/v1/opportunities/${id}/pass`, { pool: 'nord' });
    await lookAfter({ opportunityId: id });
    await firm.jump('2026-11-26T09:16:00Z');
    await lookAfter({ opportunityId: id });
    expect(await see(id)).toMatchObject({ state: 'offered', pool: 'even', returnAt: null });
    expect((await mailsAbout(firm.pool, id)).filter((mail) => mail.startsWith('partner-returned'))).toEqual(['partner-returned → mia']);
    expect((await see(id)).history.find(({ kind }) => kind === 'partner_returned')!.words).toBe(
      'Came back from Pumpen Nord to the pool ‘even’: nobody accepted it in time',
    );
    expect(await own().get(`/v1/own/opportunities/${id}`)).toHaveStatus(404);
  });

  test('what has waited long enough goes to a partner once: what came back waits for our own people', async () => {
    expect(await firm.put('/v1/pools/nobody', { name: 'Nobody', members: [], hold: { atMost: '0s', then: 'even' } })).toHaveStatus(422);
    await put('/v1/pools/empty', { name: 'Empty', partner: { name: 'Pumpen Nord', returnAfter: '2bd' }, members: [] });
    await put('/v1/pools/nobody', { name: 'Nobody', members: [], hold: { atMost: '1h', then: 'empty' } });
    const [id] = (await give(1, 'nobody')) as [string];
    for (let hour = 0; hour < 4; hour++) {
      await firm.pool.query(
        'update opportunity set held_until = case when held_until is not null then clock() end, next_look_at = clock() where id = $1',
        [id],
      );
      await lookAfter({ opportunityId: id });
    }
    expect(await see(id)).toMatchObject({ state: 'queued', pool: 'nobody' });
    expect((await see(id)).history.filter(({ kind }) => kind === 'moved_on')).toHaveLength(1);
  });

  test('when all of them have said no it comes back at once; what they have taken they may give back', async () => {
    const [first, second] = (await give(2, 'even')) as [string, string];
    for (const id of [first, second]) await firm.post(`/v1/opportunities/${id}/pass`, { pool: 'nord' });
    await lookAfter({ opportunityId: first });
    for (let n = 0; n < 2; n++) {
      const who = (await opportunity(firm.pool, first)).owner;
      expect(await own().post(`/v1/own/opportunities/${first}/reject`, { rep: who, reason: 'wrong_rep' })).toHaveStatus(200);
      await lookAfter({ opportunityId: first });
    }
    expect(await see(first)).toMatchObject({ pool: 'even' });

    const taker = (await opportunity(firm.pool, second)).owner;
    expect(await own().post(`/v1/own/opportunities/${second}/accept`, { rep: taker })).toHaveStatus(200);
    expect(await (await own().post(`/v1/own/opportunities/${second}/return`, { rep: taker, note: 'Too far away' })).json()).toBeNull();
    await lookAfter({ opportunityId: second });
    expect(await see(second)).toMatchObject({ state: 'offered', pool: 'even' });
    for (const id of [first, second])
      expect((await mailsAbout(firm.pool, id)).filter((mail) => mail.startsWith('partner-returned'))).toEqual(['partner-returned → mia']);
    const { rows } = await firm.pool.query(
      `select params -> 'by' as by, params -> 'note' as note from send where template = 'partner-returned' and opportunity_id = $1`,
      [second],
    );
    expect(rows).toEqual([{ by: expect.any(String), note: 'Too far away' }]);
  });
});

test('who has as many open as they may waits until one is not; who joins with a ramp begins with a part of their share', async () => {
  await put('/v1/reps', { items: [rep('lea', { capacity: { open: 2 } })] });
  await put('/v1/pools/desk', { name: 'Desk', members: [{ rep: 'lea' }] });
  const ids = await give(3, 'desk');
  expect(await ownersOf(ids)).toEqual(['lea', 'lea', null]);
  expect((await bodyOf<{ items: { key: string; members: { out: object }[] }[] }>(firm.get('/v1/pools'))).items).toContainEqual(
    expect.objectContaining({ key: 'desk', members: [expect.objectContaining({ out: { why: 'full', from: null } })] }),
  );
  expect(await firm.post(`/v1/opportunities/${ids[0]}/reject`, { reason: 'not_now', rep: 'lea' })).toHaveStatus(200);
  await firm.jump('15m');
  await lookAfter({ opportunityId: ids[2]! });
  expect(await ownersOf([ids[2]!])).toEqual(['lea']);

  const grow = { name: 'Grow', ramp: { from: '20%', over: '4w' } };
  await put('/v1/pools/grow', { ...grow, members: [{ rep: 'mia' }] });
  await put('/v1/pools/grow', { ...grow, members: [{ rep: 'mia' }, { rep: 'ana' }] });
  const given = await ownersOf(await give(12, 'grow'));
  expect(given.filter((owner) => owner === 'ana')).toHaveLength(2);
});
