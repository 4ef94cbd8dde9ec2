/** A person's answer to a mail of ours, as its owner gets it. */
export interface Answer {
  inboundId: string;
  /** What they wrote themselves. */
  said: string;
  /** To whom the owner writes back. */
  from: { name: string | null; address: string };
  subject: string;
  /** Subject of the mail that was answered. */
  answered: string | null;
  attachments: readonly { name: string | null; size: number }[];
  /** Whether the campaign stands still for them until the task is closed. */
  held: boolean;
  /** Whether the whole of it, as it came, is kept. */
  kept: boolean;
  /** Where it answers a mail under the owner's own name: their conversation goes on through us, and what they answer goes to them. Null: they write directly. */
  relay: Thread | null;
}

/** The end of a thread of mails: what the next one refers to. Message-IDs with their brackets, oldest first. */
export interface Thread {
  messageId: string | null;
  references: readonly string[];
}
