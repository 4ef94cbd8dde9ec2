import type { Mail, MailWorkspace } from '../domain/delivery/mail.ts';
import { backAddress } from './inbound/address.ts';
import { consentLinks } from './consent-links.ts';
import { messageIdOf, parseMailbox } from './message.ts';
import type { RenderedMail, Templates } from './templates.ts';
import { trackingOf } from './track.ts';
import type { TrackedLinks } from './tracked-links.ts';
import type { Mailbox, OutgoingMessage } from './transports/transport.ts';

export interface RenderSettings {
  templates: Templates;
  /** Signs the links. */
  secret: string;
  /** Makes links short; without it each carries itself, and there is no picture. */
  trackedLinks?: TrackedLinks;
  /** Start of every link of ours, without a slash at the end. */
  publicUrl: string;
  /** Sender of mail that names none. */
  from: Mailbox;
  /** Domain whose mail comes to us: answers and bounces go to signed addresses of it. */
  inboundDomain?: string | undefined;
}

/** What the link of a counted click says, where it carries itself. */
export interface ClickLink {
  /** Send id. */
  s: string;
  /** The link's name, else its address. */
  l: string;
  /** Where it leads: what the author wrote. */
  u: string;
  /** Its place in the mail, from 0; absent in older mails. */
  p?: number;
}

/**
 * A mail of the ledger as it will leave. Throws when it cannot be made: no template, a variable without a value, no address.
 * What templates may use is told in templates/README.md.
 */
export function renderMail(
  mail: Mail,
  workspace: MailWorkspace,
  { templates, trackedLinks, secret, publicUrl, from, inboundDomain }: RenderSettings,
): OutgoingMessage {
  const to = addressee(mail);
  if (!to) throw new Error('no_address');
  const sender = senderOf(mail, from);
  const wishes = consentLinks(mail, { secret, publicUrl });
  const { unsubscribeUrl } = wishes;
  const view = {
    workspace,
    params: mail.params,
    lead: mail.lead ?? {},
    account: mail.account ?? {},
    ...(mail.rep && { rep: mail.rep }),
    ...(mail.owner && { owner: mail.owner }),
    ...campaignOf(mail),
    ...(mail.occasion && { occasion: mail.occasion }),
    sender,
    ...wishes,
  };
  const tracking = trackingOf(mail, workspace, { trackedLinks, secret, publicUrl });
  return {
    id: mail.id,
    sendKey: mail.sendKey,
    messageId: messageIdOf(mail.id, sender),
    from: sender,
    to,
    ...addressesBack(mail, sender, { secret, inboundDomain }),
    ...marked(mail, templates.render(mail.template, view, tracking.track, tracking.marks)),
    headers: {
      'X-Tendril-Send': mail.sendKey,
      ...(unsubscribeUrl && { 'List-Unsubscribe': `<${unsubscribeUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }),
      ...(mail.class === 'internal' && { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' }),
    },
    about: { lane: mail.class, campaign: mail.campaign?.key ?? null, step: mail.stepId },
  };
}

/** A mail that somebody tries out says so. */
function marked({ params }: Mail, rendered: RenderedMail): RenderedMail {
  return params['testMail'] === true ? { ...rendered, subject: `[Test] ${rendered.subject}` } : rendered;
}

/** The campaign it is from; that of a mail that is only tried out stands in its params, since it counts as nothing of the campaign's. */
function campaignOf({ campaign, params }: Mail): { campaign?: unknown } {
  const from = campaign ?? params['testCampaign'];
  return from ? { campaign: from } : {};
}

function addressee({ class: kind, lead, rep }: Mail): Mailbox | null {
  if (kind === 'internal') return rep && { name: rep.name, address: rep.email };
  const address = lead?.['email'] as string | undefined;
  if (!address) return null;
  const { first_name: first, last_name: last, name } = lead as Record<string, string | undefined>;
  return { name: name ?? ([first, last].filter(Boolean).join(' ') || null), address };
}

function senderOf({ sender, owner }: Mail, fallback: Mailbox): Mailbox {
  if (sender === 'owner') return owner ? { name: owner.name, address: owner.email } : fallback;
  return (sender === null ? null : parseMailbox(sender)) ?? fallback;
}

/**
 * Where answers and mail servers' reports go: to signed addresses that name this mail, where the workspace receives mail; else answers reach the
 * person who looks after the lead, whoever the mail came from.
 */
function addressesBack(
  { id, class: kind, owner, params }: Mail,
  sender: Mailbox,
  { secret, inboundDomain }: Pick<RenderSettings, 'secret' | 'inboundDomain'>,
): Pick<OutgoingMessage, 'replyTo' | 'envelopeFrom'> {
  const envelopeFrom = inboundDomain ? { envelopeFrom: backAddress(secret, 'bounce', id, inboundDomain) } : {};
  if (kind === 'internal') return { replyTo: writesBackTo(params), ...envelopeFrom };
  const { name, email } = owner ? { name: owner.name, email: owner.email } : { name: sender.name, email: sender.address };
  if (inboundDomain) return { replyTo: { name, address: backAddress(secret, 'reply', id, inboundDomain) }, ...envelopeFrom };
  return { replyTo: owner && email !== sender.address ? { name, address: email } : null };
}

/** A mail that brings somebody's answer is answered to them. */
function writesBackTo({ writeBackTo }: Record<string, unknown>): Mailbox | null {
  const { name = null, address } = (writeBackTo ?? {}) as Partial<Mailbox>;
  return address ? { name, address } : null;
}
