import type mail from '@sendgrid/mail';
import type { SendClass } from '../../domain/delivery/mail.ts';
import type { Attachment } from '../attachments.ts';
import { oneLine } from '../message.ts';
import type { Mailbox, OutgoingMessage } from '../transports/transport.ts';

/** What SendGrid's own client takes for one mail. */
export type SendgridMail = Exclude<Parameters<(typeof mail)['send']>[0], readonly unknown[]>;

/** The custom argument that carries the send key; every event of the mail gives it back. */
export const SEND_ARG = 'tendril_send';

export interface RequestSettings {
  /** Pool of IP addresses by lane; null: as the account says. */
  pools: Record<SendClass, string | null>;
  /** Checked by SendGrid, delivered to nobody. */
  sandbox: boolean;
  /** Whether SendGrid rewrites links and adds a picture of its own in marketing mail. */
  tracking: boolean;
}

/** SendGrid's own limit of one category, characters. */
const LONGEST_CATEGORY = 255;

/**
 * A mail as SendGrid's API takes it. Consent is looked after here, so its lists of those who unsubscribed bar no confirmation and no mail to
 * colleagues; bounces and spam reports bar every mail, there as here.
 */
export function requestOf(message: OutgoingMessage, { pools, sandbox, tracking }: RequestSettings): SendgridMail {
  const { about, replyTo, text, html } = message;
  const lane = about?.lane ?? 'marketing';
  const pool = pools[lane];
  const counts = tracking && lane === 'marketing';
  return {
    from: addressOf(message.from),
    to: addressOf(message.to),
    ...(replyTo && { replyTo: addressOf(replyTo) }),
    subject: oneLine(message.subject),
    content: [
      { type: 'text/plain', value: text },
      { type: 'text/html', value: html },
    ],
    ...(message.attachments && message.attachments.length > 0 && { attachments: message.attachments.map(attached) }),
    headers: Object.fromEntries(
      Object.entries({ 'Message-ID': message.messageId, ...message.headers }).map(([name, value]) => [name, oneLine(value)]),
    ),
    customArgs: { [SEND_ARG]: message.sendKey },
    categories: categoriesOf(message),
    ...(pool !== null && { ipPoolName: pool }),
    trackingSettings: {
      clickTracking: { enable: counts, enableText: false },
      openTracking: { enable: counts },
      subscriptionTracking: { enable: false },
    },
    mailSettings: {
      ...(sandbox && { sandboxMode: { enable: true } }),
      ...(lane !== 'marketing' && { bypassUnsubscribeManagement: { enable: true } }),
    },
  };
}

const attached = ({ name, type, content }: Attachment) => ({
  filename: name,
  type,
  disposition: 'attachment',
  content: content.toString('base64'),
});

/** What SendGrid's figures can be told apart by: the class, the campaign, the step of it. */
function categoriesOf({ about }: OutgoingMessage): string[] {
  if (!about) return [];
  const { lane, campaign, step } = about;
  return [lane, ...(campaign === null ? [] : [campaign, ...(step === null ? [] : [`${campaign}/${step}`])])].map((one) =>
    one.slice(0, LONGEST_CATEGORY),
  );
}

const addressOf = ({ name, address }: Mailbox): { email: string; name?: string } => ({
  email: address,
  ...(name !== null && { name: oneLine(name) }),
});
