import { expect, test } from 'vitest';
import { openMeter } from '../../../../domain/calendar/open-meter.ts';
import { timesOf } from '../../../../domain/figures/times.ts';

const at = (time: string): number => Date.parse(`2026-03-${time}:00Z`);
const office = openMeter(
  { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-04-01T00:00:00Z') },
  { days: 'mon-fri', from: '09:00', to: '17:00' },
  'UTC',
);

test('each group has its own median; who has waited too long counts against the five minutes, who has just come does not', () => {
  const { total, byRep, byGrade } = timesOf(
    [
      // Friday afternoon to Monday morning is an hour of work; the other was answered at once.
      {
        rep: 'ana',
        pool: 'sales',
        grade: 'A',
        source: 'form',
        answered: [
          [at('06T16:30'), at('09T09:30')],
          [at('06T10:00'), at('06T10:04')],
        ],
        waiting: [at('09T11:58')],
      },
      { rep: 'ben', pool: 'sales', grade: null, source: 'form', answered: [], waiting: [at('09T11:00')] },
    ],
    () => office,
    at('09T12:00'),
  );
  expect(total).toEqual({
    answered: 2,
    waiting: 2,
    working: { median: (3_600 + 240) / 2, p90: 240 + 0.9 * (3_600 - 240), withinFive: 1 / 3 },
    wall: { median: (65 * 3_600 + 240) / 2, p90: 240 + 0.9 * (65 * 3_600 - 240), withinFive: 1 / 3 },
  });
  expect(byRep.map(({ of, answered, waiting, wall }) => [of, answered, waiting, wall.withinFive])).toEqual([
    ['ana', 2, 1, 1 / 2],
    ['ben', 0, 1, 0],
  ]);
  expect(byGrade.find((one) => one.of === null)).toMatchObject({ answered: 0, working: { median: null, p90: null, withinFive: 0 } });
});
