import { compile as compileText } from 'html-to-text';
import mjml from 'mjml';
import { compile, type Fill } from './handlebars.ts';
import { plainHtml } from './message.ts';
import { blankComments, originOf, parsed, TemplateFault, textOf } from './template-files.ts';
import type { MailSource } from './template-source.ts';

/** A mail, ready to be filled in. */
export interface CompiledMail {
  source: MailSource;
  subject: Fill;
  html: Fill;
  text: Fill;
}

/** Makes it ready. Throws `TemplateFault`, naming the author's own file and line, where it cannot be. */
export async function compileMail(source: MailSource): Promise<CompiledMail> {
  const { html, errors } = await mjml(blankComments(textOf(source.mjml)), { validationLevel: 'soft', keepComments: false, fonts: {} });
  const [error] = errors;
  if (error) {
    const { file, line } = originOf(source.mjml, error.line, `<${error.tagName}`);
    throw new TemplateFault(file, line, `${error.message} (${error.tagName})`);
  }
  const linked = trackLinks(plainHtml(squeeze(html)));
  const language = source.writtenIn;
  try {
    return {
      source,
      subject: compile(textOf(source.subject), { escape: false, language }),
      html: compile(marked(linked), { escape: true, language }),
      text: compile(toText(linked), { escape: false, language }),
    };
  } catch (error) {
    throw whereItFails(source, error as Error);
  }
}

/** What does not parse as Handlebars, in the author's own file: MJML has moved every line. */
function whereItFails(source: MailSource, error: Error): TemplateFault {
  const theirs = source.mjml.filter(({ file }) => file === source.file);
  for (const segments of [source.subject, theirs, source.mjml]) {
    try {
      parsed(textOf(segments), segments[0]!);
    } catch (fault) {
      if (!(fault instanceof TemplateFault)) throw fault;
      const { file, line } = originOf(segments, fault.line - segments[0]!.line + 1);
      return new TemplateFault(file, line, fault.message);
    }
  }
  return new TemplateFault(source.file, 1, error.message);
}

/** MJML indents; a mail need not carry that. Conditional comments and text keep their words. */
function squeeze(html: string): string {
  const lines = html.replace(/^[ \t]+/gm, '').replace(/\n{2,}/g, '\n');
  return /<pre\b/i.test(lines) ? lines.replaceAll('\n', '\r\n') : fewLines(lines);
}

/** A line's length before its variables are filled in: far from where mail must be encoded, and few lines to look at. */
const LONG = 500;

/** Where a line ends is all the same to HTML: long ones, which end as mail wants it, leave nothing to be done for each reader. */
function fewLines(html: string): string {
  const lines: string[] = [];
  for (const line of html.split('\n')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + line.length < LONG) lines[lines.length - 1] = `${last} ${line}`;
    else lines.push(line);
  }
  return lines.join('\r\n');
}

/**
 * Every link that leads to the web is counted, under its `name`, else its address. Links whose whole address is a variable
 * that ends in Url (`{{unsubscribeUrl}}`, `{{params.acceptUrl}}`) are not: they are acts, not clicks. Nor are links whose host the reader named, in a form
 * or by an event: through our own address they would lead wherever anybody likes.
 */
function trackLinks(html: string): string {
  const looped = [...html.matchAll(/\{\{#(?:each|with)\b([^}]*)\}\}/g)].some(([, said]) => isTheirs(said!));
  return html.replace(/<a\b[^>]*>/g, (tag) => {
    const name = /\sname="([^"]*)"/.exec(tag)?.[1] ?? '';
    return tag.replace(/(?<!\s)\s+href="([^"]*)"/, (whole, href: string) => {
      const target = href.trim();
      if (!/^(https?:|\{\{)/.test(target) || /^\{\{[^}]*Url\}\}$/.test(target)) return whole;
      if (hostsOf(target).some((said) => isTheirs(said) || (looped && !OF_THE_FIRM.test(said)))) return whole;
      const personal = isPersonal(target) ? ' personal=true' : '';
      return ` href="{{#tracked '${name.replaceAll("'", '')}'${personal}}}${target}{{/tracked}}"`;
    });
  });
}

/** With the place of what a mail is marked with, besides its author's words. */
function marked(html: string): string {
  const end = html.lastIndexOf('</body>');
  return end === -1 ? `${html}{{trackingMarks}}` : `${html.slice(0, end)}{{trackingMarks}}${html.slice(end)}`;
}

const OF_THE_FIRM = /^\{?\s*(workspace|campaign|params|rep|owner|occasion|sender)\./;

/** What the reader has told us: who they are, and what brought them into the campaign. */
const isTheirs = (said: string): boolean => /\b(lead|account|entry)\b/.test(said);

/** The variables that say to which host a link leads, one way or another. */
function hostsOf(target: string): string[] {
  const ways = target.split(/\{\{(?:#(?:if|unless)\b[^}]*|else|\/(?:if|unless))\}\}/);
  const hosts = ways.flatMap((way) => /^\s*((?:https?:\/\/(?=.)|(?=\{\{))(?:\{\{[^}]*\}\}|[^/?#{])*)/i.exec(way)?.[1] ?? []);
  return hosts.flatMap((host) => [...host.matchAll(/\{\{([^}]*)\}\}/g)].map(([, said]) => said!));
}

/** Whether an address is made of more than what all readers share: the firm's, the campaign's and the step's own words. */
function isPersonal(href: string): boolean {
  return [...href.matchAll(/\{\{([^}]*)\}\}/g)].some(
    ([, said]) => !/^\{?\s*(workspace|campaign|params(?!\.entry\b))\.[\w.]+\s*$/.test(said!),
  );
}

/** The text part, made once from the HTML with its variables still in it. */
const toText = compileText({
  wordwrap: false,
  selectors: [
    { selector: 'div[style^="display:none"]', format: 'skip' },
    { selector: 'img', format: 'skip' },
    { selector: 'div', format: 'block', options: { leadingLineBreaks: 2, trailingLineBreaks: 2 } },
    { selector: 'tr', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
    { selector: 'td.what', format: 'inlineSurround', options: { suffix: ': ' } },
    { selector: 'a[href^="mailto:"]', format: 'anchor', options: { ignoreHref: true } },
    { selector: 'a[href^="tel:"]', format: 'anchor', options: { ignoreHref: true } },
    { selector: 'a', options: { hideLinkHrefIfSameAsText: true, linkBrackets: ['(', ')'] } },
    ...['h1', 'h2', 'h3'].map((selector) => ({ selector, options: { uppercase: false } })),
  ],
});
