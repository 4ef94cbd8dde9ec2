import type { Tracking } from '../tracking/hit.ts';

/** How a mail is treated: transactional ignores windows and marketing consent, internal goes to reps, marketing obeys all, personal goes from one rep to one person. Its lane has the same name. */
export const sendClasses = ['transactional', 'marketing', 'internal', 'personal'] as const;
export type SendClass = (typeof sendClasses)[number];

/** A rep as a mail names one. */
export interface MailRep {
  /** Null where only an address is known. */
  name: string | null;
  email: string;
  title: string | null;
  /** Whether their own mailbox is read for answers; absent: it is not. */
  mailboxRead?: boolean;
}

/** The conversation that a letter of a sequence belongs to. */
export interface Thread {
  /** 1, 2 … within the run. */
  number: number;
  /** What its first letter is called; null where this is the first. */
  subject: string | null;
  /** Message-IDs of what has left in it, oldest first. */
  references: string[];
}

/** Everything a mail is made from. */
export interface Mail {
  id: string;
  sendKey: string;
  class: SendClass;
  template: string;
  params: Record<string, unknown>;
  topic: string | null;
  sender: string | null;
  leadId: string | null;
  enrolmentId: string | null;
  /** The step of its campaign that sends it. */
  stepId: string | null;
  /** Columns of the lead as the campaign language names them, its attributes among them; null for mail to reps about nobody. */
  lead: Record<string, unknown> | null;
  account: Record<string, unknown> | null;
  /** To whom an internal mail goes. */
  rep: MailRep | null;
  /** Who looks after the lead: of its open opportunity, else of its account. */
  owner: MailRep | null;
  campaign: { key: string; name: string } | null;
  /** What the lead was invited to, as it stands now: its attributes, key, name, kind, place, timezone, starts_at and ends_at; null where it came by nothing of the kind. */
  occasion: Record<string, unknown> | null;
  /** What the campaign and the person allow to be tracked. */
  tracking: Tracking;
  /** Of personal mail alone. */
  thread?: Thread;
}

export interface MailWorkspace {
  name: string;
  postalAddress: string | null;
  timezone: string;
  /** What is tracked of any mail. */
  tracking: Tracking;
}
