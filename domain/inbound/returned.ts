import { addressIn, type InboundMail, readHeaders } from './mail.ts';

/** What a report says of the mail it is about. */
export interface Returned {
  messageIds: string[];
  /** Of our header `X-Tendril-Send`. */
  sendKeys: string[];
  /** To whom that mail went. */
  addresses: string[];
}

/** What can be read of the mail that a report brings back: in a part of its own, or as text within the report. */
export function returnedOf({ reports, text }: InboundMail): Returned {
  const parts = reports
    .filter(({ type }) => type === 'message/rfc822' || type === 'text/rfc822-headers')
    .map((part) => readHeaders(part.text));
  const of = (name: string): string[] => parts.flatMap((headers) => headers.get(name) ?? []);
  const within = (name: string): string[] =>
    [...text.matchAll(new RegExp(`^[>\\s]*${name}:[ \\t]*(\\S+)`, 'gim'))].map((found) => found[1]!);
  return {
    messageIds: unique([...of('message-id'), ...within('message-id')]),
    sendKeys: unique([...of('x-tendril-send'), ...within('x-tendril-send')]),
    addresses: unique(of('to').flatMap((to) => addressIn(to) ?? [])),
  };
}

const unique = (all: readonly string[]): string[] => [...new Set(all)].slice(0, 10);
