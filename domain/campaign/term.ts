import { beginOf, endOf } from '../calendar/moment.ts';
import type { Campaign } from './document.ts';

/** From when until when a campaign runs for somebody who lives in `zone`; null: no bound. `end` itself is over. */
export function termOf({ start, end, sending }: Campaign, zone: string): { start: Date | null; end: Date | null } {
  if (start === undefined && end === undefined) return { start: null, end: null };
  const where = !sending || sending.timezone === 'lead' ? zone : sending.timezone;
  return { start: start === undefined ? null : beginOf(start, where), end: end === undefined ? null : endOf(end, where) };
}
