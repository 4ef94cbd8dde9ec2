import { signLink } from './links.ts';

/** What the link to a rep's day says: whose, and the epoch of their links, which ends with their leaving. */
export interface DayLink {
  r: string;
  e: number;
}

/** The address of the page with a rep's day. */
export const dayUrl = ({ publicUrl, secret }: { publicUrl: string; secret: string }, rep: { id: string; epoch: number }): string =>
  `${publicUrl}/day/${signLink(secret, 'day', { r: rep.id, e: rep.epoch } satisfies DayLink)}`;
