import { addressIn, type InboundMail, readHeaders } from './mail.ts';

/** What a mailbox provider tells of a mail of ours that somebody marked (RFC 5965). */
export interface Feedback {
  /** `complaint`: called spam or fraud. `leave`: wants no more. `other`: nothing to act on (not spam after all, a failed authentication). */
  kind: 'complaint' | 'leave' | 'other';
  /** Whose mailbox it was, where they say. */
  addresses: string[];
}

/** The feedback report in a mail, or null. */
export function feedbackOf({ reports }: InboundMail): Feedback | null {
  const report = reports.find(({ type }) => type === 'message/feedback-report');
  if (!report) return null;
  const fields = readHeaders(report.text);
  const type = fields.get('feedback-type')?.[0]?.toLowerCase() ?? 'abuse';
  const said = ['original-rcpt-to', 'removal-recipient'].flatMap((name) => fields.get(name) ?? []);
  return { kind: KINDS[type] ?? 'complaint', addresses: [...new Set(said.flatMap((one) => addressIn(one) ?? []))] };
}

const KINDS: Record<string, Feedback['kind']> = {
  'opt-out': 'leave',
  'opt-out-list': 'leave',
  'not-spam': 'other',
  'auth-failure': 'other',
  dkim: 'other',
};
