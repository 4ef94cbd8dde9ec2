import { plus } from '../calendar/duration.ts';
import { nextTime } from '../calendar/next-time.ts';
import { startOf } from '../calendar/zoned.ts';
import type { CampaignFacts } from '../campaign/step.ts';

/** Without a date of return, whoever is out of the office is given so long. */
const UNSAID = '1w';
/** Nobody reads a letter on top of the pile of their first morning back: the next business day is better. */
const AFTER_RETURN = '1bd';
const MORNING = '09:00';

/** When somebody who is out of the office will read a letter again: the morning of the business day after their return. Null: nobody says they are away. */
export function backAt({ away, zone, calendar }: Pick<CampaignFacts, 'away' | 'zone' | 'calendar'>): Date | null {
  if (!away) return null;
  if (away.returns === null) return plus(away.at, UNSAID, zone, calendar);
  return nextTime(plus(startOf(away.returns, zone), AFTER_RETURN, zone, calendar), MORNING, zone);
}
