import { stopWords } from '../sequences/rules.ts';

/** Why a mail was not sent, as the ledger keeps it, in words. A campaign's own reasons and what a mail server said stand as they are. */
export const reasons = {
  unsubscribed: 'unsubscribed from all marketing',
  consent_withdrawn: 'no longer wants mail about this topic',
  no_consent: 'has not agreed to mail about this topic',
  consent_pending: 'was asked to confirm that mail about this topic is wanted, and has not yet',
  consent_expired: 'agreed to mail about this topic once, and that has run out',
  address_dead: 'mail to this address comes back',
  complained: 'complained about mail from us',
  suppressed_by_hand: 'the address is on the list of those not to be mailed',
  with_sales: 'a salesperson is talking to them; marketing pauses meanwhile',
  no_address: 'there is no address to send to',
  too_late: 'its time had passed',
  campaign_archived: 'the campaign is archived',
  left_step: 'the enrolment had gone on without it',
  exit_when: 'what ends the campaign had happened',
  goal: 'the goal was reached',
  excluded: 'the lead is excluded from the campaign',
  'held: warm_up': 'waits for its day: a new domain may send so many a day, and more each day',
  'held: provider_throttle': 'waits for its turn: the mailbox provider is given so many a minute',
  'held: domain_paused': 'waits: marketing from this domain is paused',
  'held: rep_limit': 'waits for its day: a rep writes so many letters a day, those of the oldest runs first',
  'held: mailbox_unread': 'waits: the mailbox of its rep cannot be read, and an answer may lie in it',
  run_over: 'the run of its sequence was over',
  ...stopWords,
  no_answer: 'the mail server did not answer; it may or may not have taken it',
} as const;

export type Reason = keyof typeof reasons;

/** A reason of the ledger in words. */
export function reasonInWords(reason: string): string {
  return Object.hasOwn(reasons, reason) ? reasons[reason as Reason] : reason;
}
