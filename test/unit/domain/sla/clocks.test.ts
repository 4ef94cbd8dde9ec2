import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lengthMs } from '../../../../domain/calendar/duration.ts';
import { isOpen } from '../../../../domain/calendar/hours.ts';
import { gradesOf, policyOf, repsNamed, slaDocument } from '../../../../domain/sla/document.ts';
import {
  after,
  ladderNow,
  nextOf,
  nextRung,
  nextWall,
  type OnLadder,
  rungDue,
  startLadder,
  workTime,
} from '../../../../domain/sla/ladder.ts';
import { reviewNow } from '../../../../domain/sla/review.ts';

const calendar = { hours: { days: 'mon-fri', from: '09:00', to: '17:00' } as const, holidays: ['2026-12-25'] };
const business = (minutes: number) => ({ after: `${minutes}m`, do: 'nudge' });
const wall = (minutes: number) => ({ after: `${minutes}m`, clock: 'wall', do: 'manager' });

/** Ladders of up to four rungs by each clock, in whatever order they are written. */
const ladders = fc
  .record({
    business: fc.uniqueArray(fc.integer({ min: 1, max: 3_000 }), { minLength: 1, maxLength: 4 }),
    wall: fc.uniqueArray(fc.integer({ min: 1, max: 10_000 }), { minLength: 0, maxLength: 4 }),
  })
  .chain(({ business: b, wall: w }) =>
    fc.shuffledSubarray([...b.map(() => 'b'), ...w.map(() => 'w')], { minLength: b.length + w.length }).map((order) => {
      const [working, walls] = [b.toSorted((x, y) => x - y), w.toSorted((x, y) => x - y)];
      return order.map((clock) => (clock === 'b' ? business(working.shift()!) : wall(walls.shift()!)));
    }),
  );
/** A year with both changes of the clocks in each zone. */
const instants = fc.date({ min: new Date('2026-01-01'), max: new Date('2027-01-01'), noInvalidDate: true });
const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC');

/** Climbs an offer's ladder rung by rung, each looked at so much too late, and answers when each fell due. */
function climbed(rungs: unknown, since: Date, zone: string, lateMs: number) {
  const document = slaDocument.parse({ offered: rungs });
  const policy = policyOf(document, 'sales');
  const work = workTime(document, { hours: null, timezone: zone }, calendar);
  const first = startLadder(policy, 'offered', since, work);
  let stored = {
    state: 'offered' as const,
    rung: 0,
    wallRung: 0,
    ladderSince: null,
    offeredAt: since,
    acceptedAt: null,
    touchedAt: null,
    now: since,
    ...first,
  };
  const fell: { clock: string; due: Date }[] = [];
  for (let n = 0; n < policy.offered.length; n++) {
    const on: OnLadder = ladderNow(policy, stored, work);
    const next = rungDue(policy, on, work);
    fell.push({ clock: next.clock, due: next.due });
    expect(next.due).toEqual(stored.nextLookAt);
    const to = { rung: on.rung + Number(next.clock === 'business'), wallRung: on.wallRung + Number(next.clock === 'wall') };
    const due = next.clock === 'wall' ? on.due : nextRung(policy, on, work);
    stored = { ...stored, ...to, ...nextOf(due, nextWall(policy, { ...on, ...to }, work)), now: new Date(next.due.getTime() + lateMs) };
  }
  return { fell, policy, work };
}

test('two clocks on one ladder: each rung falls due at its own length, in the order of the instants, however late the looks are', () => {
  fc.assert(
    fc.property(ladders, instants, zones, fc.integer({ min: 0, max: 10 * 86_400_000 }), (rungs, since, zone, lateMs) => {
      const { fell, policy, work } = climbed(rungs, since, zone, lateMs);
      const wanted = policy.offered.map((rung) => ({
        clock: rung.clock,
        due: rung.clock === 'wall' ? new Date(since.getTime() + lengthMs(rung.after)) : after(since, rung.after, work),
      }));
      for (const clock of ['business', 'wall']) {
        const [did, should] = [fell, wanted].map((all) => all.filter((one) => one.clock === clock)) as [typeof fell, typeof wanted];
        // Above its last rung a ladder reminds, in working hours.
        expect(did.slice(0, should.length)).toEqual(should.slice(0, did.length));
      }
      expect(fell.map(({ due }) => due.getTime())).toEqual(fell.map(({ due }) => due.getTime()).toSorted((a, b) => a - b));
    }),
  );
});

test('the customer’s clock runs through nights, weekends and changes of the clocks; the rep’s does not', () => {
  fc.assert(
    fc.property(instants, zones, fc.integer({ min: 1, max: 20_000 }), (since, zone, minutes) => {
      const { fell } = climbed([wall(minutes)], since, zone, 0);
      expect(fell[0]!.due.getTime() - since.getTime()).toBe(minutes * 60_000);
      const inHours = climbed([business(minutes)], since, zone, 0).fell[0]!.due;
      expect(isOpen(new Date(inHours.getTime() - 1), calendar.hours, zone, calendar.holidays)).toBe(true);
    }),
  );
});

test('a day by the wall clock is a day of the rep’s calendar: the change of the clocks neither shortens nor shifts the hour', () => {
  const { fell } = climbed([{ after: '1d', clock: 'wall', do: 'breach' }], new Date('2026-10-24T10:00:00Z'), 'Europe/Berlin', 0);
  expect(fell[0]!.due).toEqual(new Date('2026-10-25T11:00:00Z'));
});

test('the most special word holds: the pool’s before the workspace’s, and in each vip before urgent before the fit, part by part', () => {
  const one = (action: string) => [{ after: '1h', clock: 'business', do: action }];
  const document = slaDocument.parse({
    offered: one('nudge'),
    grades: { A: { offered: one('backup'), reassigns: 3 }, urgent: { offered: one('manager') }, vip: { reassigns: 0 } },
    pools: { key: { accepted: one('breach'), grades: { A: { offered: one('breach') } } } },
  });
  const grades = (vip: boolean, urgent: boolean, fit: string | null) => gradesOf({ vip, urgent, fit });
  expect(grades(true, true, 'A')).toEqual(['vip', 'urgent', 'A']);
  expect(policyOf(document, 'other', grades(false, false, 'B')).offered).toEqual(one('nudge'));
  expect(policyOf(document, 'other', grades(false, false, 'A'))).toMatchObject({ offered: one('backup'), reassigns: 3 });
  expect(policyOf(document, 'other', grades(false, true, 'A'))).toMatchObject({ offered: one('manager'), reassigns: 3 });
  expect(policyOf(document, 'other', grades(true, true, 'A'))).toMatchObject({ offered: one('manager'), reassigns: 0 });
  expect(policyOf(document, 'key', grades(true, true, 'A'))).toMatchObject({
    offered: one('breach'),
    accepted: one('breach'),
    reassigns: 0,
  });
  expect(policyOf(document, 'toString', []).offered).toEqual(one('nudge'));
});

test.each([
  ['business days by the wall clock', { accepted: [{ after: '2bd', clock: 'wall', do: 'breach' }] }],
  ['a clock nobody has', { offered: [{ after: '1h', clock: 'sun', do: 'breach' }] }],
  [
    'rungs of one clock out of order',
    {
      offered: [
        { after: '2h', clock: 'wall', do: 'nudge' },
        { after: '1h', do: 'nudge' },
        { after: '1h', clock: 'wall', do: 'breach' },
      ],
    },
  ],
  ['an alert without a channel', { accepted: [{ after: '1h', do: 'alert' }] }],
  ['an alert of a grade without a channel', { grades: { vip: { offered: [{ after: '1h', do: 'alert' }] } } }],
  ['a grade nobody has', { grades: { E: {} } }],
  ['the address of a channel', { alerts: { slack: 'https://hooks.slack.example/T000/B000/secret' } }],
])('refused: %s', (_, document) => {
  expect(slaDocument.safeParse(document).success).toBe(false);
});

test('an alert finds the channel of the pool, else of the workspace; managers are named by where they stand', () => {
  const rung = [{ after: '1h', do: 'alert' }];
  const document = slaDocument.parse({
    alerts: { slack: 'all' },
    pools: { key: { offered: rung, grades: { A: { touched: rung, alerts: { slack: 'key', managers: ['mia'] } } } } },
  });
  expect(policyOf(document, 'key', ['A']).alerts).toEqual({ slack: 'key', managers: ['mia'] });
  expect(policyOf(document, 'key').alerts.slack).toBe('all');
  expect(repsNamed(document)).toEqual([{ path: 'pools.key.grades.A.alerts.managers.0', rep: 'mia' }]);
});

test('a submission climbs its ladder in the workspace’s hours, each rung once, then there is a reminder and not one for every day missed', () => {
  const document = slaDocument.parse({
    review: {
      rungs: [
        { after: '1h', do: 'nudge' },
        { after: '2h', clock: 'wall', do: 'manager' },
        { after: '1bd', do: 'breach' },
      ],
      again: '1bd',
    },
  });
  const office = workTime(document, { hours: null, timezone: 'Europe/Berlin' }, calendar);
  const since = new Date('2026-11-20T15:30:00Z');
  const look = (done: number, lookAt: Date | null, now: string) =>
    reviewNow(document.review, { since, done, lookAt }, new Date(now), office);
  const saturday = look(0, null, '2026-11-21T12:00:00Z');
  expect(saturday).toEqual({
    due: [{ action: 'manager', due: new Date('2026-11-20T17:30:00Z') }],
    lookAt: new Date('2026-11-23T08:30:00Z'),
  });
  const late = look(1, saturday.lookAt, '2026-12-10T12:00:00Z');
  expect(late.due.map(({ action }) => action)).toEqual(['nudge', 'breach']);
  expect(late.lookAt).toEqual(new Date('2026-12-11T12:00:00Z'));
  expect(look(3, late.lookAt, '2026-12-11T12:00:00Z').due).toEqual([{ action: 'manager', due: late.lookAt }]);
});
