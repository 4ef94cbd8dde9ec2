import { createHash } from 'node:crypto';
import { compile as compileText } from 'html-to-text';
import mjml from 'mjml';
import type { PoolClient } from 'pg';
import { compile, type Fill, type Track } from './handlebars.ts';
import { plainHtml } from './message.ts';
import {
  blankComments,
  languageTag,
  originOf,
  parsed,
  placeOf,
  readTemplateFolder,
  TemplateFault,
  type TemplateFile,
  textOf,
} from './template-files.ts';
import { type TemplateFinding, syntaxFinding } from './template-lint/finding.ts';
import { assembleMail, type MailSource, type Parts, variantFor } from './template-source.ts';

export interface RenderedMail {
  subject: string;
  html: string;
  text: string;
}

export interface Templates {
  has(key: string): boolean;
  keys(): string[];
  /**
   * Fills a template in, in the variant for the lead's language. `track` sees every http link of it; `marks` is HTML that goes at its end. Throws, naming the template and the
   * variable, when something has no value.
   */
  render(key: string, view: object, track: Track, marks?: string): RenderedMail;
  /** The file that a lead gets: `welcome.de.mjml`; undefined where there is no such template. */
  variantOf(key: string, lead: Record<string, unknown> | null): CompiledMail | undefined;
  /** Every variant of a template, or of all of them. */
  variants(key?: string): CompiledMail[];
  /** The files they are made from, layouts and blocks among them; those that others have taken the place of are not. */
  files(): TemplateFile[];
  /** These with others in their place. */
  with(files: readonly TemplateFile[]): Promise<Templates>;
  /** Brings them up to what is stored at this moment; those of a folder stay as they are. */
  refresh(tx: Pick<PoolClient, 'query'>): Promise<void>;
  /** Those that ship with Tendril: what they take for granted, the workspace's own in their place may too. */
  shipped: Templates;
  /** What cannot be read or compiled; such a mail cannot be sent. */
  broken: readonly TemplateFinding[];
}

/** A mail, ready to be filled in. */
export interface CompiledMail {
  source: MailSource;
  subject: Fill;
  html: Fill;
  text: Fill;
}

const MOST_REMEMBERED = 1_000;

/** Compiled mails by what they are made from, so that a change of one file costs no more than the mails it is in. */
export type CompileMemory = Map<string, Promise<CompiledMail>>;

/**
 * Reads and compiles every `<key>.mjml` under the folders; a later folder's template takes the place of an earlier one's.
 * Throws, naming the file, when one of them is wrong: nobody finds out while sending.
 */
export async function loadTemplates(dirs: readonly string[], memory: CompileMemory = new Map()): Promise<Templates> {
  const files = (await Promise.all(dirs.map(readTemplateFolder))).flat();
  const templates = await compileTemplates(files, memory);
  const [first] = templates.broken;
  if (first) throw new Error(`${first.file}:${first.line ?? 1}: ${first.reason}`);
  return templates;
}

/** Compiles them; a later file takes the place of an earlier one that is called the same. What is wrong is told in `broken`, and the others stand. */
export async function compileTemplates(
  given: readonly TemplateFile[],
  memory: CompileMemory = new Map(),
  shipped: Templates | null = null,
): Promise<Templates> {
  const files = [...new Map(given.flatMap((file) => (placeOf(file.path) ? [[identityOf(file), file]] : []))).values()];
  const parts: Parts = { layouts: partsOf(files, 'layout'), blocks: partsOf(files, 'block') };
  const mails = new Map<string, Map<string, CompiledMail>>();
  const broken: TemplateFinding[] = [];
  const reasons = new Map<string, string>();
  await Promise.all(
    files.map(async (file) => {
      const place = placeOf(file.path)!;
      if (place.kind !== 'mail') return;
      const variants = mails.get(place.key) ?? new Map<string, CompiledMail>();
      mails.set(place.key, variants);
      try {
        const source = assembleMail(file, place, parts);
        const memoryKey = hashOf(source);
        const making = memory.get(memoryKey) ?? compileMail(source);
        if (memory.size > MOST_REMEMBERED) memory.clear();
        memory.set(memoryKey, making);
        const made = await making;
        variants.set(place.language ?? '', made);
      } catch (error) {
        if (!(error instanceof TemplateFault)) throw error;
        broken.push(syntaxFinding({ file: error.file, line: error.line, reason: error.message }));
        reasons.set(place.key, `${error.file}:${error.line}: ${error.message}`);
      }
    }),
  );
  const choose = chooser(mails);

  const templates: Templates = {
    has: (key) => (mails.get(key)?.size ?? 0) > 0,
    keys: () => [...mails].flatMap(([key, { size }]) => (size > 0 ? [key] : [])).toSorted(),
    variantOf: choose,
    variants: (key) =>
      [...mails]
        .filter(([one]) => key === undefined || one === key)
        .flatMap(([, variants]) => [...variants.values()])
        .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1)),
    files: () => files,
    with: (more) => compileTemplates([...files, ...more], memory, shipped ?? templates),
    refresh: async () => {},
    broken,
    render(key, view, track, marks = '') {
      const template = choose(key, (view as { lead?: Record<string, unknown> }).lead ?? null);
      if (!template)
        throw new Error(reasons.has(key) ? `template '${key}' is broken: ${reasons.get(key)}` : `there is no template '${key}'`);
      return fill(template, view, track, marks);
    },
    get shipped() {
      return shipped ?? templates;
    },
  };
  return templates;
}

const nameOf = ({ source: { key, language } }: CompiledMail): string => `${key} ${language ?? ''}`;

/** Fills in one variant. Throws, naming the template and the variable, when something has no value. */
export function fill({ source, subject, html, text }: CompiledMail, view: object, track: Track, marks = ''): RenderedMail {
  try {
    return { subject: subject(view, track).replace(/\s+/g, ' ').trim(), html: html(view, track, marks), text: tidy(text(view, track)) };
  } catch (error) {
    throw new Error(`template '${source.key}': ${(error as Error).message}`, { cause: error });
  }
}

/** Which variant a lead gets: by its attribute `language`, else its locale. Most templates have one only, and nothing to choose. */
function chooser(mails: ReadonlyMap<string, ReadonlyMap<string, CompiledMail>>): Templates['variantOf'] {
  return (key, lead) => {
    const variants = mails.get(key);
    if (!variants) return undefined;
    const only = variants.get('');
    if (only && variants.size === 1) return only;
    return variantFor(variants, languageOf(lead)) ?? variants.values().next().value;
  };
}

const tags = new Map<string, string | null>();

function languageOf(lead: Record<string, unknown> | null): string | null {
  const given = lead?.['language'] ?? lead?.['locale'];
  if (typeof given !== 'string' || given === '') return null;
  let tag = tags.get(given);
  if (tag === undefined) {
    if (tags.size > 1_000) tags.clear();
    tags.set(given, (tag = languageTag(given)));
  }
  return tag;
}

function identityOf({ path }: TemplateFile): string {
  const place = placeOf(path)!;
  return place.kind === 'mail' ? `mail/${place.key}/${place.language ?? ''}` : `${place.kind}/${place.name}/${place.language ?? ''}`;
}

function partsOf(files: readonly TemplateFile[], kind: 'layout' | 'block'): Parts['layouts'] {
  const parts = new Map<string, Map<string, TemplateFile>>();
  for (const file of files) {
    const place = placeOf(file.path)!;
    if (place.kind !== kind) continue;
    const variants = parts.get(place.name) ?? new Map<string, TemplateFile>();
    parts.set(place.name, variants.set(place.language ?? '', file));
  }
  return parts;
}

/** The places are part of it: a fault is told where its author finds it, also when only a line above it is new. */
const hashOf = (source: MailSource): string => createHash('sha256').update(JSON.stringify(source)).digest('base64');

async function compileMail(source: MailSource): Promise<CompiledMail> {
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
 * that ends in Url (`{{unsubscribeUrl}}`, `{{params.acceptUrl}}`) are not: they are acts, not clicks.
 */
function trackLinks(html: string): string {
  return html.replace(/<a\b[^>]*>/g, (tag) => {
    const name = /\sname="([^"]*)"/.exec(tag)?.[1] ?? '';
    return tag.replace(/\shref="([^"]*)"/, (whole, href: string) => {
      const target = href.trim();
      if (!/^(https?:|\{\{)/.test(target) || /^\{\{[^}]*Url\}\}$/.test(target)) return whole;
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

/** Whether an address is made of more than what all readers share: the firm's, the campaign's and the step's own words. */
function isPersonal(href: string): boolean {
  return [...href.matchAll(/\{\{([^}]*)\}\}/g)].some(([, said]) => !/^\{?\s*(workspace|campaign|params)\.[\w.]+\s*$/.test(said!));
}

/** Lines that held nothing but conditions leave nothing but air. */
function tidy(text: string): string {
  return `${text
    .replace(/[ \t]*\n[ \t]*/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
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
