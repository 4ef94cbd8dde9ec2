import { holidaysIn } from '../calendar/calendar.ts';
import { leadCountry } from '../calendar/lead-zone.ts';
import type { CampaignFacts } from '../campaign/step.ts';

/** The same facts with the reader's own public holidays to count business days by: a letter between two people follows the reader's week, not the firm's. */
export function byTheirCalendar(facts: CampaignFacts): CampaignFacts {
  const { calendar, lead } = facts;
  if (!calendar.countries) return facts;
  const text = (given: unknown): string | null => (typeof given === 'string' ? given : null);
  const country = leadCountry({ country: text(lead['country']), phone: text(lead['phone']) });
  return { ...facts, calendar: { ...calendar, holidays: holidaysIn(calendar, country) } };
}
