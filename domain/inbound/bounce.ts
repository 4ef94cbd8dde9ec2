import { addressIn, header, type InboundMail, readHeaders } from './mail.ts';
import { storable } from '../storable.ts';

/**
 * What became of a mail at one address: `hard` the address does not exist, `soft` it was refused for another reason, both for good; `delayed` the server
 * goes on trying; `delivered` it has arrived.
 */
export interface Report {
  /** The address we wrote to, where the report tells it from the one it was forwarded to; null where it names none. */
  address: string | null;
  fate: 'hard' | 'soft' | 'delayed' | 'delivered';
  /** Enhanced status, RFC 3463. */
  status: string | null;
  reason: string | null;
}

/** The reports of a mail that a mail server wrote about ours; null where it is none. */
export function bounceOf(mail: InboundMail): Report[] | null {
  const status = mail.reports.filter(({ type }) => type === 'message/delivery-status');
  if (status.length > 0) return status.flatMap(({ text }) => deliveryStatus(text));
  return isPlainBounce(mail) ? [plainBounce(mail)] : null;
}

/** RFC 3464: a block about the mail, then one for each recipient. */
function deliveryStatus(text: string): Report[] {
  return text
    .split(/\r?\n[ \t]*\r?\n/)
    .map(readHeaders)
    .flatMap((fields) => {
      const of = (name: string): string => fields.get(name)?.[0] ?? '';
      const address = addressIn(of('original-recipient')) ?? addressIn(of('final-recipient'));
      const action = /^[a-z]+/i.exec(of('action'))?.[0].toLowerCase();
      if (!action || !fields.has('final-recipient')) return [];
      const diagnostic = of('diagnostic-code').replace(/^[\w-]+\s*;\s*/, '');
      const said = statusIn(of('status')) ?? statusIn(diagnostic);
      const comment = /\(([^)]+)\)/.exec(of('status'))?.[1];
      return [{ address, fate: fateOf(action, said, diagnostic), status: said, reason: shortened(diagnostic || comment || '') }];
    });
}

function fateOf(action: string, status: string | null, diagnostic: string): Report['fate'] {
  if (action === 'delayed') return 'delayed';
  if (action === 'failed') return isDead(status, diagnostic) ? 'hard' : 'soft';
  return 'delivered';
}

/** The mailbox or its domain does not exist, has moved away, or is shut (RFC 3463). */
const DEAD = /^5\.1\.(1|2|3|6|10)$|^5\.2\.1$|^5\.4\.4$/;
/** Codes that say no more than that it failed: then the words count. */
const VAGUE = /^5\.(0\.0|1\.0|5\.0|7\.1|3\.0)$/;
const NOBODY =
  /(user|recipient|mailbox|account|address|empf[aä]nger|destinataire)\b.{0,40}\b(unknown|not (found|exist)|does ?n[o']t exist|doesn't have|disabled|inactive|deactivated|invalid|unbekannt|inconnu)|no such (user|recipient|mailbox|account|person)|unknown (user|recipient|mailbox|address)|no mailbox here|host or domain name not found|domain does not exist/i;
const FULL_OR_BLOCKED =
  /quota|mailbox (is )?full|too (large|big)|spam|blocked|blacklist|block ?list|policy|reputation|rate limit|greylist/i;

/** Whether an address is of no more use, by the status and the words of the server that refused it. */
export function isDead(status: string | null, diagnostic: string): boolean {
  if (status !== null && DEAD.test(status)) return true;
  if (status !== null && !VAGUE.test(status)) return false;
  return NOBODY.test(diagnostic) && !FULL_OR_BLOCKED.test(diagnostic);
}

function statusIn(text: string): string | null {
  return /\b([245]\.\d{1,3}\.\d{1,3})\b/.exec(text)?.[1] ?? null;
}

const DAEMON = /^(mailer-daemon|postmaster|mail-daemon|mdaemon|noreply-mail)\b/i;
const FAILED =
  /undeliver|not (be )?deliver|returned mail|mail delivery (failed|failure|subsystem)|delivery (status notification|failure|has failed|problem)|failure notice|message could ?n.t be delivered|unzustellbar|nicht zugestellt|non remis|no (se )?ha podido entreg|mancata consegna|niet bezorgd|nie zosta[lł]a? dostarczon|falha na entrega|退信|无法投递/i;

/** Servers that write no report as RFC 3464 wants it (qmail, Exim, older Exchange): told by who writes, to whom an answer would go, and what about. */
function isPlainBounce(mail: InboundMail): boolean {
  if (mail.headers.has('x-failed-recipients')) return true;
  const daemon = DAEMON.test(mail.from?.address ?? '') || header(mail, 'return-path') === '<>';
  return daemon && (FAILED.test(mail.subject) || /^hi\. this is the qmail-send program/i.test(mail.text.trimStart()));
}

/** Where it says why, mostly in its first lines. */
const LOOKED_AT = 5_000;

function plainBounce(mail: InboundMail): Report {
  const text = mail.text.slice(0, LOOKED_AT);
  const address = addressIn(header(mail, 'x-failed-recipients')) ?? addressIn(/<[^<>\s]+@[^<>\s]+>/.exec(text)?.[0] ?? '');
  const line = text.split('\n').find((one) => /\b[45]\d\d[ -]|\b[45]\.\d{1,3}\.\d{1,3}\b/.test(one)) ?? '';
  const status = statusIn(line) ?? statusIn(text);
  const fate = /will (be retried|keep trying|continue to)|warning|delayed|still being retried/i.test(`${mail.subject} ${line}`)
    ? 'delayed'
    : null;
  return { address, fate: fate ?? (isDead(status ?? '5.0.0', line || text) ? 'hard' : 'soft'), status, reason: shortened(line) };
}

function shortened(reason: string): string | null {
  const plain = reason.replaceAll(/\s+/g, ' ').trim();
  return plain === '' ? null : storable(plain, 500);
}
