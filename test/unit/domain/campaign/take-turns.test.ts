import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextOpen } from '../../../../domain/calendar/hours.ts';
import { type Cap, type Mailed, periodOf } from '../../../../domain/campaign/caps.ts';
import { heldOut, holdoutFigures } from '../../../../domain/campaign/holdout.ts';
import { type Asking, type Room, takeTurns } from '../../../../domain/campaign/take-turns.ts';
import { bucketMs, throttle } from '../../../../domain/campaign/throttle.ts';
import { gapMs, type Pace } from '../../../../domain/campaign/pace.ts';

const NOW = new Date('2026-03-02T09:00:00Z');
const HOUR = 3_600_000;
const window = { days: 'mon-fri', from: '09:00', to: '17:00' } as const;

test('days, weeks and months are the zone’s, and begin with its midnight on days of a change too', () => {
  const period = (per: Cap['per'], at: string, zone: string) =>
    Object.values(periodOf(per, new Date(at), zone)).map((edge) => (edge as Date).toISOString().slice(0, 16));
  expect(period('day', '2026-03-29T12:00:00Z', 'Europe/Berlin')).toEqual(['2026-03-28T23:00', '2026-03-29T22:00']);
  expect(period('day', '2026-10-25T12:00:00Z', 'Europe/Berlin')).toEqual(['2026-10-24T22:00', '2026-10-25T23:00']);
  expect(period('day', '2026-04-05T02:00:00Z', 'Australia/Lord_Howe')).toEqual(['2026-04-04T13:00', '2026-04-05T13:30']);
  expect(period('week', '2026-03-08T12:00:00Z', 'America/New_York')).toEqual(['2026-03-02T05:00', '2026-03-09T04:00']);
  expect(period('month', '2026-03-31T19:00:00Z', 'Asia/Kolkata')).toEqual(['2026-03-31T18:30', '2026-04-30T18:30']);
});

const asking = fc.record({
  lead: fc.nat({ max: 4 }),
  account: fc.option(fc.nat({ max: 1 })),
  hours: fc.nat({ max: 24 * 40 }),
  zone: fc.constantFrom('UTC', 'America/New_York', 'Asia/Kolkata'),
});
const cap = fc.record({
  per: fc.constantFrom('day' as const, 'week' as const, 'month' as const),
  max: fc.integer({ min: 1, max: 4 }),
  of: fc.constantFrom('person' as const, 'account' as const),
  topic: fc.option(fc.constantFrom('news'), { nil: undefined }),
});

test('whoever asks in whatever order: nobody is over any cap in any period, and only who would be is refused', () => {
  fc.assert(
    fc.property(
      fc.array(asking, { maxLength: 40 }),
      fc.array(fc.record({ cap, campaignId: fc.constantFrom('a', null) }), { minLength: 1, maxLength: 3 }),
      fc.option(fc.constantFrom('3/h', '40/d', '1/d')),
      (askings, caps, rate) => {
        const mailed = new Map<string, Mailed[]>();
        const mails = askings.map(({ lead, account, hours, zone }, i): Asking => ({
          sendKey: String(i),
          enrolmentId: String(i),
          leadId: `l${lead}/${zone}`,
          accountId: account === null ? null : `a${account}`,
          dueAt: nextOpen(new Date(NOW.getTime() + hours * HOUR), window, zone),
          next: (at) => nextOpen(at, window, zone),
          zone,
        }));
        const room: Room = {
          limit: null,
          outreach: new Map(),
          caps,
          mailed,
          zone: 'UTC',
          campaignId: 'a',
          topic: 'news',
          throttle: rate ? throttle(rate, new Map()) : null,
        };
        const turns = takeTurns(mails, room, NOW);
        for (const mail of mails) {
          for (const { cap: one } of caps) {
            const [subject, zone] = one.of === 'person' ? [mail.leadId, mail.zone] : [mail.accountId, 'UTC'];
            for (const { at } of mailed.get(subject ?? '') ?? []) {
              const { from, to } = periodOf(one.per, at, zone);
              expect(mailed.get(subject!)!.filter((other) => other.at >= from && other.at < to).length).toBeLessThanOrEqual(one.max);
            }
          }
          const turn = turns.get(mail.sendKey);
          if (turn?.as === 'held') expect(turn.until > mail.dueAt).toBe(true);
        }
        const given = [...new Set(mails.map((mail) => mail.leadId))].reduce((sum, lead) => sum + (mailed.get(lead)?.length ?? 0), 0);
        expect(given + [...turns.values()].filter((turn) => turn.as === 'held').length).toBe(mails.length);
      },
    ),
    { numRuns: 100 },
  );
});

test('a throttle never gives more places than its rate in any stretch of buckets, all in the window, none earlier than asked', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<Pace[]>('500/h', '7/m', '90/d', '1/h', '3000/h'),
      fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 150 }),
      (rate, hours) => {
        const taken = new Map<number, number>();
        const places = throttle(rate, taken);
        const at = hours.map((hour) => {
          const from = new Date(NOW.getTime() + hour * HOUR);
          const place = places.find(from, (when) => nextOpen(when, window, 'Europe/Berlin'));
          places.take(place);
          expect(place.at >= from && nextOpen(place.at, window, 'Europe/Berlin').getTime() === place.at.getTime()).toBe(true);
          return place.at.getTime();
        });
        const length = bucketMs(rate);
        for (const start of at) {
          const first = Math.floor(start / length) * length;
          for (const buckets of [1, 2, 24]) {
            const within = at.filter((one) => one >= first && one < first + buckets * length).length;
            expect(within).toBeLessThanOrEqual(Math.ceil((buckets * length) / gapMs(rate)));
          }
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('who is held out is so for ever, and about as many as the campaign says; another campaign holds out others', () => {
  const leads = Array.from({ length: 5_000 }, (_, n) => `lead-${n}`);
  const out = (key: string) => leads.filter((lead) => heldOut({ key, holdout: '10%' }, lead));
  expect(out('a').length / leads.length).toBeCloseTo(0.1, 1);
  expect(out('a')).toEqual(out('a'));
  const b = new Set(out('b'));
  const both = out('a').filter((lead) => b.has(lead)).length;
  expect(both / leads.length).toBeLessThan(0.02);
  expect(leads.filter((lead) => heldOut({ key: 'a', holdout: undefined }, lead))).toEqual([]);
});

// The example of Newcombe's paper: 56 of 70 and 48 of 80, method 10.
test('the difference has the interval of the textbook, and few say nothing', () => {
  const { difference, verdict } = holdoutFigures({ n: 70, successes: 56 }, { n: 80, successes: 48 });
  expect(difference!.rate).toBeCloseTo(0.2, 4);
  expect(difference!.low).toBeCloseTo(0.0524, 4);
  expect(difference!.high).toBeCloseTo(0.3339, 4);
  expect(verdict).toBe('too few to read');
  expect(holdoutFigures({ n: 900, successes: 200 }, { n: 100, successes: 5 }).verdict).toBe('better');
  expect(holdoutFigures({ n: 900, successes: 20 }, { n: 100, successes: 30 }).verdict).toBe('worse');
  expect(holdoutFigures({ n: 0, successes: 0 }, { n: 100, successes: 5 })).toMatchObject({ difference: null, verdict: 'too few to read' });
});
