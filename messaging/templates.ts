import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { compile as compileText } from 'html-to-text';
import mjml from 'mjml';
import { parse } from 'yaml';
import { z } from 'zod';
import { compile, type Fill, type Track } from './handlebars.ts';
import { plainHtml } from './message.ts';

/** What stands above the MJML, between two lines of three dashes. */
const frontMatter = z.strictObject({
  /** Handlebars, as the body. */
  subject: z.string().min(1),
  /** What a mailbox shows beside the subject. */
  preheader: z.string().default(''),
  /** Which file of templates/layout/ is put around it. */
  layout: z.string().default('letter'),
});

export interface RenderedMail {
  subject: string;
  html: string;
  text: string;
}

export interface Templates {
  has(key: string): boolean;
  keys(): string[];
  /** Fills a template in. `track` sees every http link of it. Throws, naming the template and the variable, when something has no value. */
  render(key: string, view: object, track: Track): RenderedMail;
}

interface Template {
  subject: Fill;
  html: Fill;
  text: Fill;
}

/**
 * Reads and compiles every `<key>.mjml` under the folders; a later folder's template takes the place of an earlier one's.
 * Throws, naming the file, when one of them is wrong: nobody finds out while sending.
 */
export async function loadTemplates(dirs: readonly string[]): Promise<Templates> {
  const files = (await Promise.all(dirs.map(mjmlFiles))).flat();
  const layouts = new Map<string, string>();
  for (const file of files.filter(isLayout)) layouts.set(basename(file, '.mjml'), await readFile(file, 'utf8'));
  const templates = new Map<string, Template>();
  for (const file of files.filter((one) => !isLayout(one))) templates.set(basename(file, '.mjml'), await compileTemplate(file, layouts));

  return {
    has: (key) => templates.has(key),
    keys: () => [...templates.keys()].toSorted(),
    render(key, view, track) {
      const template = templates.get(key);
      if (!template) throw new Error(`there is no template '${key}'`);
      try {
        return {
          subject: template.subject(view, track).replace(/\s+/g, ' ').trim(),
          html: template.html(view, track),
          text: tidy(template.text(view, track)),
        };
      } catch (error) {
        throw new Error(`template '${key}': ${(error as Error).message}`, { cause: error });
      }
    },
  };
}

async function mjmlFiles(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  return entries
    .flatMap((entry) => (entry.isFile() && entry.name.endsWith('.mjml') ? [join(entry.parentPath, entry.name)] : []))
    .toSorted();
}

function isLayout(file: string): boolean {
  return /[\\/]layout[\\/][^\\/]+$/.test(file);
}

async function compileTemplate(file: string, layouts: ReadonlyMap<string, string>): Promise<Template> {
  const wrong = (reason: string): Error => new Error(`${file}: ${reason}`);
  const [, head, body] = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/.exec(await readFile(file, 'utf8')) ?? [];
  if (head === undefined || body === undefined)
    throw wrong('it begins with front matter between two lines of ---, which says at least the subject');
  const matter = frontMatter.safeParse(parse(head));
  if (!matter.success) throw wrong(matter.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  const layout = layouts.get(matter.data.layout);
  if (layout === undefined) throw wrong(`there is no layout '${matter.data.layout}'`);
  const source = layout.replace('<!-- preheader -->', () => matter.data.preheader).replace('<!-- body -->', () => body);
  const { html, errors } = await mjml(source, { validationLevel: 'soft', keepComments: false, fonts: {} });
  if (errors.length > 0) throw wrong(errors.map((error) => error.message).join('; '));
  const linked = trackLinks(plainHtml(squeeze(html)));
  try {
    return {
      subject: compile(matter.data.subject, { escape: false }),
      html: compile(linked, { escape: true }),
      text: compile(toText(linked), { escape: false }),
    };
  } catch (error) {
    throw wrong((error as Error).message);
  }
}

/** MJML indents; a mail need not carry that. Conditional comments and text keep their words. */
function squeeze(html: string): string {
  return html.replace(/^[ \t]+/gm, '').replace(/\n{2,}/g, '\n');
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
      return ` href="{{#tracked '${name.replaceAll("'", '')}'}}${target}{{/tracked}}"`;
    });
  });
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
