/** What becomes of a mail after a provider has taken it. */
export const toldKinds = [
  'processed',
  'delivered',
  /** Not now; the provider goes on trying. */
  'deferred',
  /** The address does not exist, or wants nothing for ever. */
  'bounced',
  /** Refused for now, and given up. */
  'blocked',
  /** The provider did not try: for a reason from the past, such as a list of its own. */
  'dropped',
  'complained',
  'unsubscribed',
  'group_unsubscribed',
  'group_resubscribed',
  'opened',
  'clicked',
] as const;
export type ToldKind = (typeof toldKinds)[number];

/** One thing that somebody outside tells of a mail. Told twice it has the same key. */
export interface Told {
  key: string;
  source: 'sendgrid' | 'dsn' | 'arf';
  kind: ToldKind;
  /** The mail, where it is one of ours. */
  sendKey: string | null;
  /** Normalised; of whoever was mailed. */
  address: string;
  /** When it happened, real milliseconds since the epoch. */
  atMs: number;
  reason: string | null;
  /** Enhanced status (RFC 3463). */
  status: string | null;
  /** The provider's group that was left or joined again. */
  groupId: number | null;
  /** Of opens and clicks: the link, who asked for it, and whether the provider says that it was a machine. */
  url: string | null;
  userAgent: string | null;
  machine: boolean;
}
