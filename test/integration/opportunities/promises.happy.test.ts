import { expect, test } from 'vitest';
import { addLeads, bodyOf, handToSales, lookingAfter, mailsAbout, opportunity, story } from '../../support/sales.ts';
import { makeCalls } from '../../support/calls.ts';
import { receiver } from '../../support/receiver.ts';
import { workspace } from '../../support/workspace.ts';

/** A Friday, three in the afternoon in Berlin. */
const FRIDAY = '2026-11-20T14:00:00Z';

const sla = {
  alerts: { slack: 'sales', managers: ['mia'] },
  grades: {
    A: { offered: [{ after: '10m', do: 'manager' }] },
    urgent: {
      offered: [
        { after: '1h', do: 'nudge' },
        { after: '4h', clock: 'wall', do: 'alert' },
        { after: '24h', clock: 'wall', do: 'breach' },
      ],
    },
  },
  snooze: { longest: '14d', times: 1 },
};
const standard = {
  mql: { fit: 'A' },
  pool: 'sales',
  reasons: { later: { follows: 'recycle', label: 'Later', askDate: true } },
  lossReasons: { price: { label: 'Too expensive' } },
};

async function firm(at = FRIDAY) {
  const made = await workspace({ reps: ['ana', 'ben'], at, documents: { sla: { default: sla }, standard: { default: standard } } });
  await made.pool.query(
    `insert into rep (key, name, email, manager) values ('mia', 'Mia', 'mia@firm.example', false), ('max', 'Max', 'max@firm.example', true)`,
  );
  await made.pool.query(`update rep set timezone = 'Europe/Berlin'`);
  return { ...made, ...lookingAfter(made.pool) };
}

interface Shown {
  state: string;
  grades: string[];
  ladder: { after: string; clock: string; do: string; done: boolean }[];
  history: { kind: string; because: Record<string, unknown> }[];
}
interface Breaches {
  items: {
    id: string;
    promise: string;
    rep: { key: string };
    lateMs: number;
    endedAt: string | null;
    withdrawnAt: string | null;
    grade: string;
  }[];
}

test('who asked for sales is promised more than the rest, nights and weekends too; the chat hears of it, and the breach stays on record', async () => {
  const it = await firm();
  const chat = await receiver(() => ({ status: 200 }));
  const [id] = await handToSales(it.pool, await addLeads(it.pool, 1), { urgent: true });
  await it.lookAfter({ opportunityId: id! });
  expect(await bodyOf<Shown>(it.get(`/v1/opportunities/${id}`))).toMatchObject({
    grades: ['urgent'],
    ladder: [
      { after: '1h', clock: 'business', do: 'nudge', done: false },
      { after: '4h', clock: 'wall', do: 'alert', done: false },
      { after: '24h', clock: 'wall', do: 'breach', done: false },
    ],
  });

  // At four the rep hears; the working day ends at five, and the customer waits on.
  for (const [time, next] of [
    ['2026-11-20T15:00:00Z', '2026-11-20T18:00:00Z'],
    ['2026-11-20T18:00:00Z', '2026-11-21T14:00:00Z'],
    ['2026-11-21T14:00:00Z', '2026-11-23T15:00:00Z'],
  ]) {
    await it.jump(time!);
    await it.lookAfter({ opportunityId: id! });
    expect((await opportunity(it.pool, id!)).nextLookAt).toEqual(new Date(next!));
  }
  expect(await mailsAbout(it.pool, id!)).toEqual(['rep-lead-card → ana', 'rep-nudge → ana', 'sla-breach → mia']);
  expect(await story(it.pool, id!)).toEqual(['handed_off', 'offered', 'nudged', 'alerted', 'sla_breached']);

  await makeCalls(it, { lane: 'notify', channels: `sales=${chat.url}/hook` });
  expect(chat.received.map(({ path, body }) => [path, (JSON.parse(body) as { text: string }).text])).toEqual([
    ['/hook', 'Waiting: *Lead 1* (sales). Offered to Ana, and not answered for 4 h.'],
    ['/hook', 'Too late: *Lead 1* (sales). Offered to Ana, and not answered for 1 d.'],
  ]);
  const { rows } = await it.pool.query<{ url: string }>('select distinct url from outgoing_call');
  expect(rows).toEqual([{ url: 'chat://sales' }]);

  await it.jump('1h');
  const open = await bodyOf<Breaches>(it.get('/v1/opportunities/breaches?rep=ana&from=2026-11-21T00:00:00Z&to=2026-11-22T00:00:00Z'));
  expect(open.items).toMatchObject([{ promise: 'offered', grade: 'urgent', rep: { key: 'ana' }, lateMs: 3_600_000, endedAt: null }]);
  expect(await it.post(`/v1/opportunities/${id}/accept`, { rep: 'ana' })).toHaveStatus(200);
  const ended = await bodyOf<Breaches>(it.get('/v1/opportunities/breaches?open=false'));
  expect(ended.items).toMatchObject([{ id: open.items[0]!.id, endedAt: '2026-11-21T15:00:00.000Z', withdrawnAt: null }]);
});

test('a channel that nobody has set up is a call that failed, and says what to do', async () => {
  const it = await firm('2026-11-23T09:00:00Z');
  const [id] = await handToSales(it.pool, await addLeads(it.pool, 1));
  await it.pool.query(`update opportunity set grade = 'A' where id = $1`, [id]);
  await it.lookAfter({ opportunityId: id! });
  await it.jump('10m');
  await it.lookAfter({ opportunityId: id! });
  expect(await mailsAbout(it.pool, id!)).toContain('manager-escalation → mia');
  await makeCalls(it, { lane: 'notify' });
  expect(await bodyOf(it.get('/v1/calls?state=failed'))).toMatchObject({
    items: [{ url: 'chat://sales', reason: "there is no chat channel 'sales': name it in CHAT_WEBHOOKS" }],
  });
});

test('a rep puts a lead off: the ladder stands still, it comes back by itself, and not for ever', async () => {
  const it = await firm('2026-11-23T09:00:00Z');
  const [id] = await handToSales(it.pool, await addLeads(it.pool, 1));
  await it.lookAfter({ opportunityId: id! });
  const put = await it.post(`/v1/opportunities/${id}/snooze`, { rep: 'ana', until: '2026-12-01', reason: 'After the fair' });
  // Who puts off what is offered to them has taken it; they hear at nine, where they are.
  expect(await put.json()).toMatchObject({
    state: 'accepted',
    owner: { key: 'ana' },
    snoozedUntil: '2026-12-01T08:00:00.000Z',
    overdue: false,
  });
  await it.jump('2026-11-30T12:00:00Z');
  await it.lookAfter({ opportunityId: id! });
  expect((await mailsAbout(it.pool, id!)).slice(1)).toEqual([]);

  await it.jump('2026-12-01T08:00:00Z');
  await it.lookAfter({ opportunityId: id! });
  expect((await mailsAbout(it.pool, id!)).slice(1)).toEqual(['rep-nudge → ana']);
  const back = await bodyOf<{ snoozedUntil: null; nextLookAt: string }>(it.get(`/v1/opportunities/${id}`));
  expect(back).toMatchObject({ snoozedUntil: null, nextLookAt: '2026-12-01T12:00:00.000Z' });
  expect(await it.post(`/v1/opportunities/${id}/snooze`, { until: '2026-12-03', reason: 'Again' })).toHaveStatus(409);
  expect((await story(it.pool, id!)).slice(-2)).toEqual(['opportunity_snoozed', 'snooze_over']);
});

test('stage, amount and expected close are said on the way, each with what it was; a loss says why', async () => {
  const it = await firm('2026-11-23T09:00:00Z');
  const [id] = await handToSales(it.pool, await addLeads(it.pool, 1));
  await it.lookAfter({ opportunityId: id! });
  const accepted = await it.post(`/v1/opportunities/${id}/accept`, { rep: 'ana' });
  expect(await accepted.json()).toMatchObject({ stage: 'qualification', stageAt: '2026-11-23T09:00:00.000Z' });
  await it.jump('1h');
  const change = { stage: 'proposal', amount: 12_500, currency: 'EUR', expectedClose: '2027-01-31', rep: 'ana' };
  const patch = (body: object) =>
    it.request(`/v1/opportunities/${id}`, { method: 'PATCH', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  expect(await (await patch(change)).json()).toMatchObject({
    stage: 'proposal',
    stageAt: '2026-11-23T10:00:00.000Z',
    amount: 12_500,
    expectedClose: '2027-01-31',
  });
  expect(await patch(change)).toHaveStatus(200);
  const detail = await bodyOf<Shown>(it.get(`/v1/opportunities/${id}`));
  const told = detail.history.filter(({ kind }) => kind === 'opportunity_changed');
  expect(told).toHaveLength(1);
  expect(told[0]!.because['changes']).toEqual({
    stage: { was: 'qualification', is: 'proposal' },
    amount: { was: null, is: 12_500 },
    currency: { was: null, is: 'EUR' },
    expectedClose: { was: null, is: '2027-01-31' },
  });
  expect(await bodyOf(it.get('/v1/opportunities?stage=proposal'))).toMatchObject({ items: [{ id }] });

  expect(await it.post(`/v1/opportunities/${id}/close`, { outcome: 'lost' })).toHaveStatus(422);
  const lost = await it.post(`/v1/opportunities/${id}/close`, { outcome: 'lost', reason: 'price', note: 'Half of ours' });
  expect(await lost.json()).toMatchObject({ state: 'lost', outcomeReason: 'price', amount: 12_500, currency: 'EUR' });
});

test('a talk that is told late counts from when it was: the promise was kept after all', async () => {
  const it = await firm('2026-11-23T09:00:00Z');
  const [id] = await handToSales(it.pool, await addLeads(it.pool, 1));
  await it.lookAfter({ opportunityId: id! });
  await it.post(`/v1/opportunities/${id}/accept`, { rep: 'ana' });
  await it.jump('3d');
  await it.lookAfter({ opportunityId: id! });
  expect((await opportunity(it.pool, id!)).breachedAt).not.toBeNull();
  const told = await it.post(`/v1/opportunities/${id}/touch`, { rep: 'ana', at: '2026-11-24T10:00:00+01:00' });
  expect(await told.json()).toMatchObject({
    state: 'touched',
    touchedAt: '2026-11-24T09:00:00.000Z',
    firstTouchBy: 'logged',
    breachedAt: null,
  });
  expect((await bodyOf<Breaches>(it.get('/v1/opportunities/breaches'))).items).toEqual([]);
  const withdrawn = await bodyOf<Breaches>(it.get('/v1/opportunities/breaches?withdrawn=true'));
  expect(withdrawn.items).toMatchObject([
    { promise: 'accepted', endedAt: '2026-11-24T09:00:00.000Z', withdrawnAt: '2026-11-26T09:00:00.000Z' },
  ]);
  expect(await story(it.pool, id!)).toContain('breach_withdrawn');
});

test('a reason that asks for a date needs one', async () => {
  const it = await firm('2026-11-23T09:00:00Z');
  const [id] = await handToSales(it.pool, await addLeads(it.pool, 1));
  await it.lookAfter({ opportunityId: id! });
  expect(await it.post(`/v1/opportunities/${id}/reject`, { reason: 'later' })).toHaveStatus(422);
  const later = await it.post(`/v1/opportunities/${id}/reject`, { reason: 'later', resumeOn: '2027-03-01' });
  expect(await later.json()).toMatchObject({ state: 'recycled', resumeAt: '2027-03-01T00:00:00.000Z' });
});
