import type { Outcome } from './transport.ts';

/** What nodemailer's connection reports. */
export interface SmtpError extends Error {
  code?: string;
  command?: string;
  /** The server's answer, when there was one. */
  response?: string;
  responseCode?: number;
}

const LANE_PAUSE = 15_000;
/** Enhanced codes that say the mailbox or its domain does not exist, or has moved away (RFC 3463). */
const DEAD = /\b5\.1\.(1|2|3|6|10)\b/;
/** Only a person can mend these: credentials, or a relay that wants some. */
const NEEDS_A_PERSON = new Set([530, 534, 535, 538]);

/**
 * What an SMTP error means for the message. `asked`: the server had asked for the content, so that without an answer nobody knows.
 * A server's own answer is always certain: 4xx not now, 5xx never.
 */
export function smtpOutcome(error: SmtpError, asked: boolean): Outcome {
  const { responseCode, command = '' } = error;
  const reason = (error.response ?? error.message).slice(0, 500);
  if (error.code === 'EAUTH' || (responseCode !== undefined && NEEDS_A_PERSON.has(responseCode))) {
    if (responseCode !== undefined && responseCode < 500) return { kind: 'retry', reason, lane: true, afterMs: LANE_PAUSE };
    return { kind: 'stopped', reason: `The mail server refuses the credentials: ${reason}` };
  }
  if (responseCode === undefined) {
    if (asked) return { kind: 'unknown', reason: `no answer after the message was handed over: ${reason}` };
    if (error.code === 'EENVELOPE' || error.code === 'EMESSAGE') return { kind: 'failed', reason, dead: false };
    return { kind: 'retry', reason, lane: true, afterMs: LANE_PAUSE };
  }
  // Before the envelope, and when the server says it is closing (421), it is not about this message.
  if (responseCode === 421 || command === 'CONN' || /^(EHLO|HELO|STARTTLS)/.test(command))
    return { kind: 'retry', reason, lane: true, afterMs: LANE_PAUSE };
  if (responseCode >= 500) return { kind: 'failed', reason, dead: command === 'RCPT TO' && DEAD.test(reason) };
  return { kind: 'retry', reason, lane: false, afterMs: null };
}
