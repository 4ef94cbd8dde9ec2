import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import Handlebars from 'handlebars';

/** A file of a folder of templates: its path below the folder, with `/` between. */
export interface TemplateFile {
  path: string;
  source: string;
}

/** What a file is, by its path. Mails may stand in any folder but `layout/` and `blocks/`. */
export type TemplatePlace =
  { kind: 'layout' | 'block'; name: string; language: string | null } | { kind: 'mail'; key: string; language: string | null };

/** `welcome.de.mjml`: the mail `welcome` in German; `blocks/offices.mjml`: a block. Null for what is no template. */
export function placeOf(path: string): TemplatePlace | null {
  if (!path.endsWith('.mjml')) return null;
  const stem = basename(path, '.mjml');
  const [, named, tag] = /^(.+)\.([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*)$/.exec(stem) ?? [];
  const language = tag === undefined ? null : languageTag(tag);
  const name = language === null ? stem : named!;
  const folder = path.split('/').at(-2);
  if (folder === 'layout') return { kind: 'layout', name, language };
  if (folder === 'blocks') return { kind: 'block', name, language };
  return { kind: 'mail', key: name, language };
}

/** `de`, `pt-BR`: a language in its usual spelling; null for what is none. */
export function languageTag(text: string): string | null {
  try {
    return Intl.DateTimeFormat.supportedLocalesOf([text.replaceAll('_', '-')])[0] ?? null;
  } catch {
    return null;
  }
}

/** Every `.mjml` below a folder, in the order of their paths. */
export async function readTemplateFolder(dir: string): Promise<TemplateFile[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const paths = entries
    .flatMap((entry) => (entry.isFile() && entry.name.endsWith('.mjml') ? [join(entry.parentPath, entry.name)] : []))
    .toSorted();
  return Promise.all(paths.map(async (path) => ({ path: relative(dir, path).split(sep).join('/'), source: await readFile(path, 'utf8') })));
}

/** A piece of a source with where it comes from, so that a fault is told where its author can mend it. */
export interface Segment {
  text: string;
  file: string;
  /** Line of the file at which it begins, from 1. */
  line: number;
}

export const textOf = (segments: readonly Segment[]): string => segments.map(({ text }) => text).join('');

/** Where a line (from 1) of the joined text stands; of several pieces on one line the one that says `word`. */
export function originOf(segments: readonly Segment[], line: number, word = ''): { file: string; line: number } {
  let begins = 1;
  const onIt: { segment: Segment; at: number; said: string }[] = [];
  for (const segment of segments) {
    const lines = segment.text.split('\n');
    const at = line - begins;
    if (at >= 0 && at < lines.length && lines[at]!.trim() !== '') onIt.push({ segment, at, said: lines[at]! });
    begins += lines.length - 1;
  }
  const { segment, at } = onIt.find(({ said }) => word !== '' && said.includes(word)) ?? onIt[0] ?? { segment: segments[0]!, at: 0 };
  return { file: segment.file, line: segment.line + at };
}

const countBreaks = (text: string): number => text.split('\n').length - 1;

/** A mistake of the author's, with its place. */
export class TemplateFault extends Error {
  readonly file: string;
  readonly line: number;
  constructor(file: string, line: number, reason: string) {
    super(reason);
    this.file = file;
    this.line = line;
  }
}

const DEEPEST = 10;

/**
 * Puts shared blocks in place of `{{> name}}` and `<mj-include path="blocks/name.mjml" />`, before MJML sees them. What a block is given
 * (`{{> visit href='https://…' label=lead.city}}`) stands where it says `block.href`. Throws a TemplateFault for a block that is not there.
 */
export function withBlocks(segment: Segment, blocks: ReadonlyMap<string, TemplateFile>, depth = 0): Segment[] {
  const text = segment.text.replace(
    /<mj-include\s+path=(["'])(?:\.\/)?blocks\/([\w-]+)\.mjml\1\s*(?:\/>|>\s*<\/mj-include>)/g,
    (_, _quote, name: string) => `{{> ${name}}}`,
  );
  const pieces: Segment[] = [];
  let at = 0;
  for (const { 0: written, 1: name, index } of blankComments(text).matchAll(INCLUDED)) {
    const line = segment.line + countBreaks(text.slice(0, index));
    const block = blocks.get(name!);
    if (!block) throw new TemplateFault(segment.file, line, `there is no block '${name}'`);
    if (depth === DEEPEST) throw new TemplateFault(segment.file, line, `the block '${name}' includes itself`);
    const [statement] = parsed(written, { file: segment.file, line }).body as [hbs.AST.PartialStatement];
    pieces.push({ ...segment, text: text.slice(at, index), line: segment.line + countBreaks(text.slice(0, at)) });
    pieces.push(...withBlocks({ text: blockText(block, statement, written), file: block.path, line: 1 }, blocks, depth + 1));
    at = index + written.length;
  }
  pieces.push({ ...segment, text: text.slice(at), line: segment.line + countBreaks(text.slice(0, at)) });
  return pieces;
}

/** `{{> name href='…'}}`. */
const INCLUDED = /\{\{~?>\s*([\w-]+)(?:[^}"']|"[^"]*"|'[^']*')*\}\}/g;

/** A block with what it was given put in; without what it was not given. Keeps its lines. */
function blockText({ source, path }: TemplateFile, { hash }: hbs.AST.PartialStatement, around: string): string {
  const given = new Map(
    hash?.pairs.map(({ key, value }) => [
      key,
      { literal: literalOf(value), written: around.slice(offsetOf(around, value.loc.start), offsetOf(around, value.loc.end)) },
    ]),
  );
  const places: { from: number; to: number; text: string }[] = [];
  const put = (node: hbs.AST.Node, text: string) =>
    places.push({ from: offsetOf(source, node.loc.start), to: offsetOf(source, node.loc.end), text });
  walk(parsed(source, { file: path, line: 1 }), (node, parent) => {
    if (node.type !== 'PathExpression' || (node as hbs.AST.PathExpression).parts[0] !== 'block') return;
    const value = given.get(String((node as hbs.AST.PathExpression).parts[1]));
    const bare = parent?.type === 'MustacheStatement' && (parent as hbs.AST.MustacheStatement).path === node;
    if (bare && value?.literal !== undefined) return put(parent, Handlebars.escapeExpression(value.literal));
    if (value) return put(node, value.written);
    if (!bare) put(node, 'undefined');
  });
  return places
    .toSorted((a, b) => b.from - a.from)
    .reduce((text, { from, to, text: put }) => text.slice(0, from) + put + text.slice(to), source);
}

function literalOf(node: hbs.AST.Expression): string | undefined {
  return node.type === 'StringLiteral' || node.type === 'NumberLiteral' ? (node as hbs.AST.StringLiteral).value : undefined;
}

/** Comments aside: what stands in them is nobody's. Throws a TemplateFault where it does not parse. */
export function parsed(text: string, { file, line }: Pick<Segment, 'file' | 'line'>): hbs.AST.Program {
  try {
    return Handlebars.parseWithoutProcessing(blankComments(text));
  } catch (error) {
    const { message, lineNumber } = error as { message: string; lineNumber?: number };
    const at = message.endsWith("got 'EOF'") ? lineLeftOpen(text) : (lineNumber ?? Number(/on line (\d+)/.exec(message)?.[1] ?? 1));
    throw new TemplateFault(file, line + at - 1, saidBriefly(message));
  }
}

/** The line of the last `{{#…}}` that nobody closes. */
function lineLeftOpen(text: string): number {
  const open: number[] = [];
  for (const { 1: sign, index } of blankComments(text).matchAll(/\{\{~?([#^/])\s*[\w-]/g)) {
    if (sign === '/') open.pop();
    else open.push(index);
  }
  return countBreaks(text.slice(0, open.at(-1) ?? 0)) + 1;
}

/** `Parse error on line 3: …` without the drawing. */
function saidBriefly(message: string): string {
  const [, , near, got] = /^Parse error on line (\d+):\n(.*)\n[\s\S]*got '(\w+)'/.exec(message) ?? [];
  if (got === 'EOF') return 'Parse error: something opened with {{#…}} is not closed';
  return near === undefined ? message.replace(/ - \d+:\d+$/, '') : `Parse error near '${near.trim().slice(-60)}'`;
}

/** Comments are the author's own: nobody receives them, and what they say is not filled in. The lines stay; what only Outlook reads stays, too. */
export const blankComments = (text: string): string => text.replace(/<!--(?!\[)[\s\S]*?-->/g, (comment) => comment.replace(/[^\n]/g, ' '));

type Visit = (node: hbs.AST.Node, parent: hbs.AST.Node | null) => void;

/** Every node of a parsed template, outer ones first. */
function walk(node: hbs.AST.Node, visit: Visit, parent: hbs.AST.Node | null = null): void {
  visit(node, parent);
  const { body, program, inverse, path, params, hash } = node as unknown as Record<
    string,
    hbs.AST.Node & { pairs?: { value: hbs.AST.Node }[] }
  > & {
    body?: hbs.AST.Node[];
    params?: hbs.AST.Node[];
  };
  for (const one of body ?? []) walk(one, visit, node);
  for (const one of [program, inverse]) if (one) walk(one, visit, node);
  if (path && typeof path === 'object') walk(path, visit, node);
  for (const one of params ?? []) walk(one, visit, node);
  for (const { value } of hash?.pairs ?? []) walk(value, visit, node);
}

function offsetOf(text: string, { line, column }: { line: number; column: number }): number {
  let at = 0;
  for (let left = line - 1; left > 0; left--) at = text.indexOf('\n', at) + 1;
  return at + column;
}
