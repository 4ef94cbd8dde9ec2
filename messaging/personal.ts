import type { Mail } from '../domain/delivery/mail.ts';
import { compile, type Fill, type Track } from './handlebars.ts';
import type { RenderedMail } from './templates.ts';

/** What the step of a sequence asks for, or what its rep has made of it. */
export interface PersonalParams {
  thread: 'new' | 'reply';
  /** Null: the thread's. */
  subject: string | null;
  text: string;
  /** A person has looked through it: it goes as it stands. */
  written?: boolean;
}

const untracked: Track = (_, url) => url;
const MOST_REMEMBERED = 500;
const compiled = new Map<string, Fill>();

/** A text of a sequence, ready to be filled in. Throws where it does not parse. */
function ready(source: string): Fill {
  const found = compiled.get(source);
  if (found) return found;
  if (compiled.size >= MOST_REMEMBERED) compiled.clear();
  const made = compile(source, { escape: false });
  compiled.set(source, made);
  return made;
}

/** Subject and text with the lead's facts in them, as a draft shows them. Throws, naming the variable, where something has no value. */
export function fillLetter(
  { subject, text }: Pick<PersonalParams, 'subject' | 'text'>,
  view: object,
): { subject: string | null; text: string } {
  return {
    subject: subject === null ? null : ready(subject)(view, untracked).replace(/\s+/g, ' ').trim(),
    text: ready(text)(view, untracked).trim(),
  };
}

const UNTITLED = 'Following up';
const again = (subject: string): string => (/^re:/i.test(subject) ? subject : `Re: ${subject}`);

/**
 * A letter from a rep to one person: plain text, and the same as the simplest HTML. In a thread it is called as its first letter is, and refers to
 * all that have left in it. One line says how to hear no more.
 */
export function personalMail(
  { params, thread }: Mail,
  view: { unsubscribeUrl?: string; lead?: unknown; account?: unknown },
  track: Track,
): { written: RenderedMail; headers: Record<string, string> } {
  const { subject: own, text: given, written } = params as unknown as PersonalParams;
  const { subject, text } = written ? { subject: own, text: given.trim() } : fillLetter({ subject: own, text: given }, view);
  const { references = [], subject: of = null } = thread ?? {};
  const { unsubscribeUrl } = view;
  const goesOn = of !== null && references.length > 0;
  return {
    written: {
      subject: goesOn ? again(of) : (subject ?? UNTITLED),
      text: unsubscribeUrl ? `${text}\n\n${FAREWELL}: ${unsubscribeUrl}\n` : `${text}\n`,
      html: htmlOf(text, oursAlone(track, view, params), unsubscribeUrl),
    },
    headers: goesOn ? { 'In-Reply-To': references.at(-1)!, References: references.join(' ') } : {},
  };
}

/**
 * Counts links to hosts that stand in the letter's own words, or in what the firm says of itself and of its people. What people say of themselves may be an address
 * too, a first name even: through ours it would lead wherever they like.
 */
function oursAlone(
  track: Track,
  { lead: _, account: __, ...firm }: object & { lead?: unknown; account?: unknown },
  params: Mail['params'],
): Track {
  const said = JSON.stringify({ ...firm, params: { ...params, entry: null, relay: null } });
  const hosts = new Set([...said.matchAll(HOST)].flatMap(([address]) => hostOf(address.replace(/[.,;:!?)\]']+$/, '')) ?? []));
  return (name, url, personal) => (hosts.has(hostOf(url) ?? '') ? track(name, url, personal) : url);
}

/** Of a web address as far as its host; none that goes on with a variable. */
const HOST = /https?:\/\/[^\s<>"{}\\/?#]+(?=[\s<>"\\/?#]|\{\{(?:\/|else|#))/gi;

const hostOf = (address: string): string | null => (URL.canParse(address) ? new URL(address).host : null);

const FAREWELL = 'If you would rather not hear from me again';

/** Paragraphs and links, and nothing that looks like a newsletter. */
function htmlOf(text: string, track: Track, unsubscribeUrl: string | undefined): string {
  const paragraphs = text.split(/\n{2,}/).map((one) => `<p>${linked(one, track).replaceAll('\n', '<br>\n')}</p>`);
  const farewell = unsubscribeUrl
    ? `\n<p style="color:#767676;font-size:12px">${FAREWELL}, <a href="${escaped(unsubscribeUrl)}" style="color:#767676">tell me here</a>.</p>`
    : '';
  return `<!doctype html>\n<html><body>\n${paragraphs.join('\n')}${farewell}\n</body></html>\n`;
}

const LINK = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]']/g;

function linked(text: string, track: Track): string {
  let html = '';
  let at = 0;
  for (const { 0: url, index } of text.matchAll(LINK)) {
    html += `${escaped(text.slice(at, index))}<a href="${escaped(track(url, url, false))}">${escaped(url)}</a>`;
    at = index + url.length;
  }
  return html + escaped(text.slice(at));
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (letter) => entities[letter]!);
