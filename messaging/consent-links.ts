import type { ConfirmLink, Confirms } from '../domain/consent/confirmation.ts';
import type { Mail } from '../domain/delivery/mail.ts';
import { signLink } from './links.ts';

/** What an unsubscribe link says; the link to the preference centre is the same token, since it is for the same person to say the same things. */
export interface UnsubscribeLink {
  /** Lead id. */
  l: string;
  /** Topic, or null for all marketing. */
  t: string | null;
  /** Send id; null where it came from no mail. */
  s: string | null;
}

/** The links by which the reader of a mail says what they want of us, as templates name them. */
export interface ConsentLinks {
  /** In marketing and personal mail only. */
  unsubscribeUrl?: string;
  preferencesUrl?: string;
  /** In the mail that asks to confirm. */
  confirmUrl?: string;
}

/** Signs them: one token for each mail, and one more for a mail that asks to confirm. Mail to reps has none. */
export function consentLinks(
  { id, class: kind, leadId, topic, params }: Mail,
  { secret, publicUrl }: { secret: string; publicUrl: string },
): ConsentLinks {
  if (leadId === null || kind === 'internal') return {};
  const token = signLink(secret, 'unsubscribe', { l: leadId, t: topic, s: id } satisfies UnsubscribeLink);
  const links: ConsentLinks = { preferencesUrl: `${publicUrl}/p/${token}` };
  if (kind === 'marketing' || kind === 'personal') links.unsubscribeUrl = `${publicUrl}/u/${token}`;
  const confirms = params['confirms'] as Confirms | undefined;
  if (confirms !== undefined && topic !== null) {
    const link: ConfirmLink = { l: leadId, t: topic, c: confirms.consent };
    links.confirmUrl = `${publicUrl}/confirm/${signLink(secret, 'confirm', link, new Date(confirms.until))}`;
  }
  return links;
}
