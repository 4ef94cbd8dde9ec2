import { z } from 'zod';
import { clockTime, daysOf, span, weekday } from '../../calendar/hours.ts';
import { beginOf, moment } from '../../calendar/moment.ts';
import { nextMonthly, nextTime } from '../../calendar/next-time.ts';
import { zone } from '../../calendar/zoned.ts';
import { condition } from '../../conditions/condition.ts';
import type { Door } from '../doors.ts';
import { pace } from '../pace.ts';
import { defineEntry } from './kind.ts';

const time = clockTime.refine((at) => at !== '24:00', 'is not a time such as 09:00').default('09:00');
const times = z.union([
  z.strictObject({ at: moment.describe('once: a date, a local time or an instant') }),
  z.strictObject({
    every: z.strictObject({ weekday: z.union([span, z.array(weekday).min(1)]), at: time }).describe('every week on these days'),
  }),
  z.strictObject({
    monthly: z
      .strictObject({ day: z.union([z.number().int().min(1).max(31), z.literal('last')]), at: time })
      .describe('every month; a day that a month does not have is its last'),
  }),
]);
export type Times = z.infer<typeof times>;

const schema = z.strictObject({
  schedule: times,
  segment: z.string().min(1).describe('whoever is in this segment at that moment enters'),
  timezone: zone.optional().describe('where the times are meant; left out: the workspace’s zone'),
  rate: pace.optional().describe('how many at most are taken in, evenly spread: 500/h'),
  if: condition.optional().describe('what must hold of the lead besides, when its turn comes'),
});
export type ScheduleEntry = z.infer<typeof schema>;

/** The first time of the schedule that is not before `from`; null when there is none any more. */
export function nextOccurrence(given: Times, from: Date, inZone: string): Date | null {
  if ('at' in given) {
    const at = beginOf(given.at, inZone);
    return at >= from ? at : null;
  }
  if ('monthly' in given) return nextMonthly(from, given.monthly.at, inZone, given.monthly.day);
  const { weekday: days, at } = given.every;
  const all = daysOf(days).map((day) => nextTime(from, at, inZone, day).getTime());
  return new Date(Math.min(...all));
}

const recurs = ({ schedule }: ScheduleEntry): boolean => !('at' in schedule);

function timesWords(given: Times): string {
  if ('at' in given) return given.at;
  if ('monthly' in given)
    return `every month on ${given.monthly.day === 'last' ? 'its last day' : `day ${given.monthly.day}`} at ${given.monthly.at}`;
  return `every ${daysOf(given.every.weekday).join(', ')} at ${given.every.at}`;
}

/** `entry: { schedule: { every: { weekday: tue, at: '09:00' } }, segment: customers }`: everybody in a segment, once or again and again. */
export const scheduleEntry = defineEntry<ScheduleEntry>({
  kind: 'schedule',
  schema,
  condition: ({ segment }) => ({ segment }),
  door: ({ schedule, segment, timezone }): Door => ({
    subject: 'schedule',
    name: null,
    says: `${timesWords(schedule)}${timezone ? ` ${timezone}` : ''}: ${segment}`,
  }),
  again: recurs,
  words: ({ schedule, segment }) => `${timesWords(schedule)}, in the segment ${segment}`,
  about:
    'Everybody who is in the segment at that moment enters: once (`at`), every week (`every`) or every month (`monthly`). A moment that had passed when the campaign was ' +
    'launched lets nobody in. When the engine stood still over a time, it is made up for; over several, only the last counts. A recurring schedule lets ' +
    'everybody in again each time, unless they are in the campaign still: `reentry: { key: occurrence }` lets them in even then, `reentry: { after: 90d }` not before. ' +
    '`rate` spreads them evenly; whoever has left the segment before their turn comes does not enter.',
  example: '{ schedule: { every: { weekday: tue, at: "09:00" } }, segment: silent-180d, rate: 500/h }',
});
