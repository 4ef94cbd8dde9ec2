import type { Mail, MailWorkspace } from '../domain/delivery/mail.ts';
import type { RelayParams } from '../domain/inbound/relay.ts';
import { backAddress } from './inbound/address.ts';
import { replyAddressFor } from './inbound/reply-address.ts';
import { consentLinks } from './consent-links.ts';
import { messageIdOf, parseMailbox } from './message.ts';
import { personalMail } from './personal.ts';
import { REP_ANSWER } from './relay-mail.ts';
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
  const sender = senderOf(mail, from, workspace);
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
  const personal = mail.class === 'personal' || mail.template === REP_ANSWER ? personalMail(mail, view, tracking.track) : null;
  return {
    id: mail.id,
    sendKey: mail.sendKey,
    messageId: messageIdOf(mail.id, sender),
    from: sender,
    to,
    ...addressesBack(mail, sender, { secret, inboundDomain }),
    ...(personal?.written ?? marked(mail, templates.render(mail.template, view, tracking.track, tracking.marks))),
    headers: {
      ...personal?.headers,
      ...threadOf(mail),
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

function addressee({ class: kind, lead, rep, params }: Mail): Mailbox | null {
  if (kind === 'internal') return rep && { name: rep.name, address: rep.email };
  const relay = relayIn(params);
  if (relay) return relay.to;
  const address = lead?.['email'] as string | undefined;
  if (!address) return null;
  const { first_name: first, last_name: last, name } = lead as Record<string, string | undefined>;
  return { name: name ?? ([first, last].filter(Boolean).join(' ') || null), address };
}

function senderOf({ class: kind, sender, owner, rep, params }: Mail, fallback: Mailbox, { name: firm }: MailWorkspace): Mailbox {
  const relay = kind === 'internal' ? relayIn(params) : null;
  if (relay) return { name: `${relay.to.name ?? relay.to.address} via ${firm}`, address: fallback.address };
  if (kind === 'personal') return rep ? { name: rep.name, address: rep.email } : fallback;
  if (sender === 'owner') return owner ? { name: owner.name, address: owner.email } : fallback;
  return (sender === null ? null : parseMailbox(sender)) ?? fallback;
}

/**
 * Where answers and mail servers' reports go: to signed addresses that name this mail, where the workspace receives mail; else answers reach the
 * person who looks after the lead, whoever the mail came from.
 */
function addressesBack(
  { id, class: kind, owner, rep, params }: Mail,
  sender: Mailbox,
  { secret, inboundDomain }: Pick<RenderSettings, 'secret' | 'inboundDomain'>,
): Pick<OutgoingMessage, 'replyTo' | 'envelopeFrom'> {
  const envelopeFrom = inboundDomain ? { envelopeFrom: backAddress(secret, 'bounce', id, inboundDomain) } : {};
  if (kind === 'internal') {
    const relay = inboundDomain ? relayIn(params) : null;
    if (!relay) return { replyTo: writesBackTo(params), ...envelopeFrom };
    return { replyTo: { name: relay.to.name, address: backAddress(secret, 'reply', id, inboundDomain!) }, ...envelopeFrom };
  }
  if (rep) {
    const replyTo = replyAddressFor(id, rep, { secret, inboundDomain });
    return { replyTo: replyTo.address === sender.address ? null : replyTo, ...envelopeFrom };
  }
  const { name, email } = owner ? { name: owner.name, email: owner.email } : { name: sender.name, email: sender.address };
  if (inboundDomain) return { replyTo: { name, address: backAddress(secret, 'reply', id, inboundDomain) }, ...envelopeFrom };
  return { replyTo: owner && email !== sender.address ? { name, address: email } : null };
}

/** The conversation between a rep and a person that a mail carries on, where it does. */
function relayIn({ relay }: Record<string, unknown>): RelayParams | null {
  return (relay as RelayParams | undefined) ?? null;
}

/** What it answers, so that it stands below that in people's mailboxes. */
function threadOf({ params }: Mail): Record<string, string> {
  const { messageId, references } = relayIn(params)?.thread ?? { messageId: null, references: [] };
  const chain = [...references, ...(messageId ? [messageId] : [])].slice(-MOST_REFERENCES);
  return { ...(messageId && { 'In-Reply-To': messageId }), ...(chain.length > 0 && { References: chain.join(' ') }) };
}

/** Beyond this, mail programs have lost count themselves. */
const MOST_REFERENCES = 20;

/** A mail that brings somebody's answer is answered to them. */
function writesBackTo({ writeBackTo }: Record<string, unknown>): Mailbox | null {
  const { name = null, address } = (writeBackTo ?? {}) as Partial<Mailbox>;
  return address ? { name, address } : null;
}
