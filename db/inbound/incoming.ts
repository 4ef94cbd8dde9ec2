import type { InboundMail } from '../../domain/inbound/mail.ts';
import type { Judged } from '../../domain/inbound/judge.ts';
import type { Loop } from '../../domain/loops.ts';
import type { FoundSend, Named } from './find-send.ts';
import type { Finding } from './store.ts';

/** A mail that came in, judged, by whatever way. */
export interface Incoming {
  /** The same for the same mail, however often and by whatever way it comes. */
  key: string;
  channel: 'hook' | 'mailbox';
  mail: InboundMail;
  /** Null: it cannot be read. */
  judged: Judged | null;
  named: Named;
  /** Rep in whose own mailbox it lies; absent: it came to us. */
  readBy?: string;
  /** As it came, where that is known. */
  raw: Uint8Array | null;
}

/** A mail that is about one of ours. */
export interface About extends Incoming {
  inboundId: string;
  sent: FoundSend;
}

/** What came of it, and whom to poke after the commit. */
export interface Taken extends Finding {
  loops: Loop[];
}
