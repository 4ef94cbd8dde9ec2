import type { MailRep } from '../../domain/delivery/mail.ts';
import type { Mailbox } from '../transports/transport.ts';
import { backAddress } from './address.ts';

/**
 * Where answers to a mail under a rep's name go. To the rep, where their own mailbox is read here; else to a signed address of the domain whose mail
 * comes to us, which names the mail and is relayed to them; else to the rep all the same, and nobody but them knows of it.
 */
export function replyAddressFor(
  sendId: string,
  { name, email, mailboxRead }: Pick<MailRep, 'name' | 'email' | 'mailboxRead'>,
  { secret, inboundDomain }: { secret: string; inboundDomain?: string | undefined },
): Mailbox {
  return { name, address: mailboxRead || !inboundDomain ? email : backAddress(secret, 'reply', sendId, inboundDomain) };
}
