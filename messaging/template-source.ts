import { parse } from 'yaml';
import { z } from 'zod';
import { type Segment, TemplateFault, type TemplateFile, withBlocks } from './template-files.ts';

/** What stands above the MJML, between two lines of three dashes. */
const frontMatter = z.strictObject({
  /** Handlebars, as the body. */
  subject: z.string().min(1),
  /** What a mailbox shows beside the subject. */
  preheader: z.string().default(''),
  /** Which file of templates/layout/ is put around it. */
  layout: z.string().default('letter'),
  /** The language it is written in, where its file name does not say. */
  language: z.string().optional(),
});

/** Files of one name by their language; '' is the one for everybody else. */
export type Variants = ReadonlyMap<string, TemplateFile>;

/** What mails are made from besides themselves. */
export interface Parts {
  layouts: ReadonlyMap<string, Variants>;
  blocks: ReadonlyMap<string, Variants>;
}

/** A mail put together, before MJML has seen it: layout, preheader, body and blocks, each piece with the place it comes from. */
export interface MailSource {
  file: string;
  key: string;
  /** Null: for everybody who has no variant of their own. */
  language: string | null;
  /** How dates and numbers are written. */
  writtenIn: string;
  layout: string;
  preheader: string;
  subject: Segment[];
  mjml: Segment[];
}

/** Of several variants the one for a language (BCP 47): its own, else the language's without a region, else any of that language, else the one for everybody. */
export function variantFor<One>(variants: ReadonlyMap<string, One>, language: string | null): One | undefined {
  if (language !== null) {
    const [primary] = language.split('-');
    const near = variants.get(language) ?? variants.get(primary!) ?? [...variants].find(([tag]) => tag.split('-')[0] === primary)?.[1];
    if (near !== undefined) return near;
  }
  return variants.get('');
}

/** Puts a mail together. Throws a TemplateFault where its front matter is wrong, or it names a layout or block that is not there. */
export function assembleMail(file: TemplateFile, { key, language }: { key: string; language: string | null }, parts: Parts): MailSource {
  const { path, source } = file;
  const [, head, body] = /^---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/.exec(source) ?? [];
  if (head === undefined || body === undefined)
    throw new TemplateFault(path, 1, 'it begins with front matter between two lines of ---, which says at least the subject');
  const matter = readMatter(head, path);
  const inLanguage = language ?? matter.language ?? null;
  const layout = variantFor(parts.layouts.get(matter.layout) ?? new Map<string, TemplateFile>(), inLanguage);
  if (!layout) throw new TemplateFault(path, lineOf(head, 'layout'), `there is no layout '${matter.layout}'`);
  if (!layout.source.includes('<!-- body -->'))
    throw new TemplateFault(layout.path, 1, 'a layout says <!-- body --> where the mail stands');
  const blocks = new Map(
    [...parts.blocks].flatMap(([name, variants]) => {
      const block = variantFor(variants, inLanguage);
      return block ? [[name, block] as const] : [];
    }),
  );
  const inLayout: Record<string, Segment> = {
    preheader: { text: matter.preheader, file: path, line: lineOf(head, 'preheader') },
    body: { text: body, file: path, line: head.split('\n').length + 3 },
  };
  return {
    file: path,
    key,
    language,
    writtenIn: inLanguage ?? 'en-GB',
    layout: matter.layout,
    preheader: matter.preheader,
    subject: [{ text: matter.subject, file: path, line: lineOf(head, 'subject') }],
    mjml: inside(inLanguage === null ? layout : speaking(layout, inLanguage), inLayout).flatMap((piece) => withBlocks(piece, blocks)),
  };
}

function readMatter(head: string, path: string): z.infer<typeof frontMatter> {
  let given: unknown;
  try {
    given = parse(head);
  } catch (error) {
    const { linePos, message } = error as { linePos?: [{ line: number }]; message: string };
    throw new TemplateFault(
      path,
      (linePos?.[0].line ?? 1) + 1,
      `the front matter is not YAML: ${message.split('\n')[0]!.replace(/ at line .*$/, '')}`,
    );
  }
  const matter = frontMatter.safeParse(given);
  if (matter.success) return matter.data;
  const [issue] = matter.error.issues;
  const reason =
    issue!.code === 'unrecognized_keys' ? `${issue.keys.join(', ')} is not known here` : `${issue!.path.join('.')}: ${issue!.message}`;
  const [key] = issue!.code === 'unrecognized_keys' ? issue.keys : issue!.path;
  throw new TemplateFault(path, lineOf(head, String(key)), reason);
}

/** The line of the file at which a key of its front matter stands. */
function lineOf(head: string, key: string): number {
  return (
    Math.max(
      0,
      head.split('\n').findIndex((line) => line.startsWith(`${key}:`)),
    ) + 2
  );
}

/** A layout in pieces, with what belongs in its places. */
function inside({ path, source }: TemplateFile, places: Record<string, Segment>): Segment[] {
  let line = 1;
  return source.split(/(<!-- (?:preheader|body) -->)/).map((text): Segment => {
    const place = /^<!-- (preheader|body) -->$/.exec(text)?.[1];
    if (place !== undefined) return places[place]!;
    const piece = { text, file: path, line };
    line += text.split('\n').length - 1;
    return piece;
  });
}

/** `<mjml lang="en">` says what a screen reader speaks: the language of the mail, not of its layout. */
function speaking({ path, source }: TemplateFile, language: string): TemplateFile {
  return { path, source: source.replace(/<mjml(\s+lang="[^"]*")?/, `<mjml lang="${language}"`) };
}
