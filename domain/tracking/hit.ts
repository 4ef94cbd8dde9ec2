export type HitKind = 'click' | 'open';

/**
 * What spoke for or against a person when the hit came: the method was HEAD; the request said it was a prefetch; it followed the link that
 * nobody sees; the provider says it was a machine; a page of the link's site was then viewed by this very person.
 */
export const signs = ['head', 'prefetch', 'trap', 'machine', 'visited'] as const;
export type Sign = (typeof signs)[number];

/** A link of a mail that was followed, or its picture that was loaded. */
export interface Hit {
  id: string;
  kind: HitKind;
  /** The link's name, else its address; null for an open. */
  link: string | null;
  /** The link's place in the mail, from 0; null where it is not known. */
  position: number | null;
  /** Real milliseconds since the epoch. */
  atMs: number;
  /** Milliseconds since the mail was accepted, by the workspace's clock; null where that is not known, as while the clock stands still. */
  sinceAcceptedMs: number | null;
  /** Empty where the caller named none; null where it is not known. */
  userAgent: string | null;
  signs: readonly Sign[];
}

/** How much of mail is tracked: all, clicks without the picture, nothing. */
export const trackings = ['on', 'clicks', 'off'] as const;
export type Tracking = (typeof trackings)[number];

/** What is left where several have a say: nobody is tracked more than each of them allows. */
export const leastTracking = (...said: readonly Tracking[]): Tracking =>
  said.reduce((least, one) => (trackings.indexOf(one) > trackings.indexOf(least) ? one : least));
