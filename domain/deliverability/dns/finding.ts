/** One line of a check: how it stands, and what to do where it is not well. */
export interface MailFinding {
  /** spf, dkim, dmarc, mx, inbound, links, relay, one-click. */
  check: string;
  level: 'ok' | 'info' | 'warn' | 'error';
  text: string;
  mend: string | null;
}

/** Findings of one check, shorter to write. */
export const findingsOf = (check: string) => ({
  ok: (text: string): MailFinding => ({ check, level: 'ok', text, mend: null }),
  info: (text: string, mend: string | null = null): MailFinding => ({ check, level: 'info', text, mend }),
  warn: (text: string, mend: string): MailFinding => ({ check, level: 'warn', text, mend }),
  error: (text: string, mend: string): MailFinding => ({ check, level: 'error', text, mend }),
});
