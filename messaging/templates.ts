import { createHash } from 'node:crypto';
import type { PoolClient } from 'pg';
import { type CompiledMail, compileMail } from './compile-mail.ts';
import type { Track } from './handlebars.ts';
import { languageTag, placeOf, readTemplateFolder, TemplateFault, type TemplateFile } from './template-files.ts';
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

/** Lines that held nothing but conditions leave nothing but air. */
function tidy(text: string): string {
  return `${text
    .replace(/[ \t]*\n[ \t]*/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}
