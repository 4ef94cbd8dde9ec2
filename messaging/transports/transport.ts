import type { SendClass } from '../../domain/delivery/mail.ts';
import type { Attachment } from '../attachments.ts';

/** A mail as it goes to whoever delivers it: enough for a raw SMTP message and for a provider's JSON alike. */
export interface OutgoingMessage {
  /** Id of its ledger row. */
  id: string;
  /** Names the effect; a provider's webhook gives it back. */
  sendKey: string;
  messageId: string;
  from: Mailbox;
  /** To whom the mail servers on the way report (SMTP's MAIL FROM); without it to `from`. */
  envelopeFrom?: string;
  to: Mailbox;
  replyTo: Mailbox | null;
  subject: string;
  html: string;
  text: string;
  /** Files that go with it; most mails have none. */
  attachments?: readonly Attachment[];
  /** Further headers, by name. */
  headers: Readonly<Record<string, string>>;
  /** What it is, for those who carry each lane another way, or tell apart in their figures what they carried. */
  about?: { lane: SendClass; campaign: string | null; step: string | null };
}

export interface Mailbox {
  name: string | null;
  address: string;
}

/**
 * What became of one message. All but `unknown` are certain:
 * - `accepted`: the server has taken it;
 * - `failed`: this message will never be taken; `dead` when its address does not exist;
 * - `retry`: it was not taken, for now. `lane`: no message would have been; hold the lane for `afterMs`;
 * - `stopped`: it was not taken, and nothing will be until a person has done something (credentials);
 * - `unknown`: the answer never came, it may have been taken.
 */
export type Outcome =
  | { kind: 'accepted'; providerId: string | null }
  | { kind: 'failed'; reason: string; dead: boolean }
  | { kind: 'retry'; reason: string; lane: boolean; afterMs: number | null }
  | { kind: 'stopped'; reason: string }
  | { kind: 'unknown'; reason: string };

/** Delivers messages. Answers an outcome for each, in their order, and never throws. */
export interface Transport {
  send(messages: readonly OutgoingMessage[]): Promise<Outcome[]>;
  close(): Promise<void>;
}
