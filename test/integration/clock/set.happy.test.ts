import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

test('the clock is frozen, jumps, runs at a rate, and comes back to real time', async () => {
  const firm = await workspace();
  const set = async (change: object) =>
    (await (await firm.post('/v1/clock', change)).json()) as { now: string; rate: number; frozen: boolean; words: string };

  const frozen = await set({ action: 'freeze' });
  expect(frozen).toMatchObject({ rate: 0, frozen: true, words: 'the clock stands still' });
  expect(await (await firm.get('/v1/clock')).json()).toMatchObject({ now: frozen.now });

  const later = await set({ action: 'jump', by: '3d' });
  expect(Date.parse(later.now) - Date.parse(frozen.now)).toBe(3 * 86_400_000);

  const fast = await set({ action: 'rate', rate: '1d=10s' });
  expect(fast).toMatchObject({ rate: 8640, frozen: false, words: 'one day passes every ten seconds' });
  expect(Date.parse(fast.now)).toBeGreaterThanOrEqual(Date.parse(later.now));

  const slow = await set({ action: 'rate', rate: '1' });
  expect(Date.parse(slow.now)).toBeGreaterThanOrEqual(Date.parse(fast.now));
  const jumped = await set({ action: 'jump', by: '1mo' });
  expect(Date.parse(jumped.now) - Date.parse(slow.now)).toBeGreaterThan(27 * 86_400_000);

  const real = await set({ action: 'real' });
  expect(real).toMatchObject({ rate: 1, words: 'real time' });
  expect(Date.parse(real.now)).toBeLessThan(Date.parse(jumped.now));
  // What was done meanwhile is dated later than what comes now: the doctor must know.
  const { rows } = await firm.pool.query<{ days: number }>(`select extract(day from back_from - back_to)::int as days from clock_setback`);
  expect(rows.map(({ days }) => days >= 27)).toEqual([true]);
  await set({ action: 'real' });
  expect((await firm.pool.query('select from clock_setback')).rowCount).toBe(1);
});

test('a jump to the next due instant goes there and no further', async () => {
  const firm = await workspace({ at: '2027-01-04T09:00:00Z' });
  expect(await firm.post('/v1/clock', { action: 'jump', to: 'next' })).toHaveStatus(409);

  await firm.pool.query(
    "insert into submission (form_key, provider, raw, state, review_due_at) values ('w', 'json', '{}', 'review', clock() + interval '4 hours')",
  );
  expect(await (await firm.get('/v1/clock')).json()).toMatchObject({ nextDue: '2027-01-04T13:00:00.000Z' });
  expect(await (await firm.post('/v1/clock', { action: 'jump', to: 'next' })).json()).toMatchObject({
    now: '2027-01-04T13:00:00.000Z',
    nextDue: null,
  });
});

test('a jump reaches an instant that lies between two milliseconds', async () => {
  const firm = await workspace({ at: '2027-01-04T09:00:00Z' });
  await firm.pool.query(
    "insert into submission (form_key, provider, raw, state, review_due_at) values ('w', 'json', '{}', 'review', clock() + interval '4 hours 210 microseconds')",
  );
  expect(await (await firm.post('/v1/clock', { action: 'jump', to: 'next' })).json()).toMatchObject({
    now: '2027-01-04T13:00:00.001Z',
    nextDue: null,
  });
});

test('days and business days of a jump are those of the workspace', async () => {
  const firm = await workspace({
    at: '2027-03-26T12:00:00Z',
    documents: { calendar: { default: { timezone: 'Europe/Berlin', holidays: ['2027-03-29'] } } },
  });
  // Summer time begins on 28 March: one day later by the wall is 23 hours later.
  expect(await (await firm.post('/v1/clock', { action: 'jump', by: '2d' })).json()).toMatchObject({ now: '2027-03-28T11:00:00.000Z' });
  expect(await (await firm.post('/v1/clock', { action: 'jump', by: '1bd' })).json()).toMatchObject({ now: '2027-03-30T11:00:00.000Z' });
});

test('what happens after a jump over months has its partition', async () => {
  const firm = await workspace({ at: '2027-01-04T09:00:00Z' });
  await firm.jump('2028-06-15T00:00:00Z');
  await firm.pool.query("insert into event (name, source) values ('visited', 'test')");
  const { rows } = await firm.pool.query('select tableoid::regclass::text as part from event');
  expect(rows).toEqual([{ part: 'event_202806' }]);
});

test('whoever changes the clock at the same time as others never throws it back', async () => {
  const firm = await workspace({ at: '2027-01-04T09:00:00Z' });
  const jumps = await Promise.all(Array.from({ length: 6 }, () => firm.post('/v1/clock', { action: 'jump', by: '1h' })));
  for (const answer of jumps) expect(answer).toHaveStatus(200);
  expect(await firm.now()).toEqual(new Date('2027-01-04T15:00:00Z'));
});
