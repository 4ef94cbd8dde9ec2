import type { Thread } from './answer.ts';

/** Somebody of the firm, as the sender of a mail that came in. */
export interface Colleague {
  id: string;
  key: string;
  name: string;
  email: string;
}

/** A rep's answer on its way to a person. */
export interface PassedOn {
  inboundId: string;
  rep: Colleague;
  leadId: string;
  to: { name: string | null; address: string };
  subject: string;
  words: string;
  thread: Thread;
  attached: boolean;
  test: boolean;
}

/** A rep's answer that does not go on, and why. */
export interface Refused extends Pick<PassedOn, 'inboundId' | 'rep' | 'leadId' | 'subject' | 'test'> {
  to: string;
  because: string;
}

/** What the relay needs of messaging; the mails are rows for the ledger. */
export interface Relay<Mail = unknown> {
  publicUrl: string;
  /** What goes along of one mail, bytes. */
  mostAttached: number;
  /** Makes the mail that goes on to the person. */
  passOn(answer: PassedOn): Mail;
  /** Makes the mail that tells a rep why theirs did not. */
  refuse(refused: Refused): Mail;
}

/** What a mail that brought an answer to a rep knows of the one it brought (messaging/reply-mail.ts writes it). */
export interface RelayParams {
  to: { name: string | null; address: string };
  subject: string;
  thread: Thread;
}
