import { findingsOf, type MailFinding } from '../../domain/deliverability/dns/finding.ts';
import type { OutgoingMessage } from '../transports/transport.ts';

const { ok, info, warn, error } = findingsOf('one-click');

/** Whether the newest marketing mails can be unsubscribed from with one click (RFC 8058), as they would be made now. */
export function checkOneClick(messages: readonly Pick<OutgoingMessage, 'headers' | 'html'>[]): MailFinding[] {
  if (messages.length === 0) return [info('no marketing mail has left from this domain yet')];
  const url = (one: (typeof messages)[number]): string => /<(https?:[^>]+)>/.exec(one.headers['List-Unsubscribe'] ?? '')?.[1] ?? '';
  const lacking = messages.filter((one) => one.headers['List-Unsubscribe-Post'] !== 'List-Unsubscribe=One-Click' || url(one) === '');
  if (lacking.length > 0)
    return [
      error(
        `${lacking.length} of the newest ${messages.length} marketing mails cannot be left with one click`,
        'this is a fault of ours: please report it',
      ),
    ];
  const plain = messages.some((one) => url(one).startsWith('http:'));
  return [
    plain
      ? error('the link for leaving with one click is http; providers ask for https', 'set PUBLIC_URL to https://…')
      : ok(`the newest ${messages.length} marketing mails can be left with one click`),
    ...(messages.every((one) => one.html.includes('/u/') || one.html.includes('/p/'))
      ? []
      : [warn('a marketing mail has no link for unsubscribing in its text', 'use {{unsubscribeUrl}} in its template')]),
  ];
}
