/** An invitation to a meeting, as a scheduling tool tells of it. Its time is real time: it stands in people's calendars. */
export interface Invitation {
  /** The tool's own name of it. */
  uri: string;
  /** The invitation that it replaces: the person has chosen another time. */
  insteadOf: string | null;
  /** Called off because another one replaces it. */
  moved: boolean;
  name: string;
  startsAt: Date;
  endsAt: Date | null;
  /** The invitee's, IANA. */
  timezone: string | null;
  location: string | null;
  /** Addresses of those whose calendars it stands in. */
  hosts: readonly string[];
  /** Why it was called off, in their words. */
  reason: string | null;
  /** We called it off ourselves. */
  byHost: boolean;
}

export type MeetingState = 'booked' | 'moved' | 'canceled';

/** `Mon 2 Mar, 10:00`: when a meeting is, on the clock of a zone. */
export function whenIn(at: Date, timezone: string): string {
  const words = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  });
  const part = Object.fromEntries(words.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${part['weekday']} ${part['day']} ${part['month']}, ${part['hour']}:${part['minute']}`;
}
