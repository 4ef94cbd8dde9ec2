import { createHash } from 'node:crypto';
import { type Judged, judgeMail } from '../../domain/inbound/judge.ts';
import type { InboundMail } from '../../domain/inbound/mail.ts';
import { sendOfMessageId } from '../message.ts';
import { readBackAddress, readTouchAddress } from './address.ts';

/** A mail that came in, with what it is and which mail of ours it names. */
export interface JudgedMail {
  key: string;
  mail: InboundMail;
  /** Null: it could not be read. */
  judged: Judged | null;
  named: { touchOf?: string | null; byAddress: string | null; sendKeys: string[]; byMessageId: string[] };
}

/** What a mail is, and about which of ours, by its signed addresses and by the ids it names. `receivedAt`: workspace time. */
export function judged(mail: InboundMail, { secret, receivedAt }: { secret: string; receivedAt: Date }): JudgedMail {
  const verdict = judgeMail(mail, receivedAt);
  const returned = 'returned' in verdict ? verdict.returned : null;
  const addresses = mail.to.flatMap((address) => readBackAddress(secret, address) ?? []);
  const touchOf = mail.to.flatMap((address) => readTouchAddress(secret, address) ?? [])[0];
  const messageIds = [...mail.answers, ...(returned?.messageIds ?? [])];
  return {
    key: keyOf(mail),
    mail,
    judged: verdict,
    named: {
      ...(touchOf !== undefined && { touchOf }),
      byAddress: addresses[0]?.sendId ?? null,
      sendKeys: returned?.sendKeys ?? [],
      byMessageId: messageIds.flatMap((id) => sendOfMessageId(id) ?? []),
    },
  };
}

/** A mail that nobody can take apart: kept as it is, for a person. */
export function unreadable(raw: Uint8Array): JudgedMail {
  const mail: InboundMail = {
    messageId: null,
    from: null,
    confirmed: null,
    to: [],
    subject: '',
    date: null,
    headers: new Map(),
    text: '',
    answers: [],
    reports: [],
    attachments: [],
  };
  return { key: hash(raw), mail, judged: null, named: { byAddress: null, sendKeys: [], byMessageId: [] } };
}

/** The same mail has the same key by whatever way it comes. Programs that use one Message-ID again and again are told apart by the rest. */
function keyOf({ messageId, from, headers, subject, text }: InboundMail): string {
  return hash(JSON.stringify([messageId, from?.address, headers.get('date')?.[0], subject, messageId === null ? text : null]));
}

const hash = (of: string | Uint8Array): string => createHash('sha256').update(of).digest('base64url');
