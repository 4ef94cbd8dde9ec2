import { colordx, extend } from '@colordx/core';
import a11y from '@colordx/core/plugins/a11y';
import names from '@colordx/core/plugins/names';
import { type CheerioAPI, load } from 'cheerio';
import juice from 'juice';

extend([a11y, names]);

/** Text that is hard to read: where, in which colours, and how far they are apart (WCAG 2: 1 to 21). */
export interface LowContrast {
  text: string;
  colour: string;
  background: string;
  ratio: number;
  /** What WCAG AA asks for: 4.5, for large letters 3. */
  wanted: number;
}

interface Look {
  colour: string;
  background: string;
  /** px. */
  size: number;
  bold: boolean;
  /** A picture lies behind it: nobody can say. */
  pictured: boolean;
}

type Scheme = 'light' | 'dark';

/**
 * Text of a mail whose colours are too near each other, as a mailbox shows it that keeps to the mail's own colours, in light or dark. Worked
 * out from its HTML and style sheets; widths and hovering are left aside.
 */
export function lowContrast(html: string, scheme: Scheme): LowContrast[] {
  const $ = load(juice.inlineContent(html, sheetOf(html, scheme), { removeStyleTags: false, applyWidthAttributes: false }));
  const found = new Map<string, LowContrast>();
  look(
    $,
    $('body')[0],
    { colour: '#000000', background: scheme === 'dark' ? '#1f1f1f' : '#ffffff', size: 16, bold: false, pictured: false },
    found,
  );
  return [...found.values()];
}

/** All style sheets of a mail as they hold in a scheme. */
function sheetOf(html: string, scheme: Scheme): string {
  const css = [...html.matchAll(/<style\b[^>]*>([\s\S]*?)<\/style>/gi)].map(([, text]) => text).join('\n');
  let plain = '';
  let schemed = '';
  let at = 0;
  for (const { 0: head, 1: condition, index } of css.matchAll(/@media\s*([^{]*)\{/g)) {
    if (index < at) continue;
    const end = closing(css, index + head.length);
    plain += css.slice(at, index);
    const [, which] = /prefers-color-scheme:\s*(dark|light)/.exec(condition!) ?? [];
    if (which === scheme) schemed += css.slice(index + head.length, end - 1);
    at = end;
  }
  return plain + css.slice(at) + schemed;
}

/** Just behind the brace that closes the one before `at`. */
function closing(css: string, at: number): number {
  for (let depth = 1; depth > 0 && at < css.length; at++) depth += css[at] === '{' ? 1 : css[at] === '}' ? -1 : 0;
  return at;
}

type Node = ReturnType<CheerioAPI>[number];

function look($: CheerioAPI, node: Node | undefined, around: Look, found: Map<string, LowContrast>): void {
  if (!node) return;
  const type: string = node.type;
  if (type === 'text') return judge((node as { data: string }).data.replace(/\s+/g, ' ').trim(), around, found);
  if (!('children' in node) || !('name' in node)) return;
  const style = styleOf($(node).attr('style'));
  if (style['display'] === 'none' || node.name === 'title') return;
  const here = lookOf(style, $(node).attr('bgcolor'), node.name, around);
  for (const child of node.children) look($, child, here, found);
}

function styleOf(written: string | undefined): Record<string, string> {
  return Object.fromEntries(
    (written ?? '').split(/;(?![^(]*\))/).flatMap((rule) => {
      const [name, ...value] = rule.split(':');
      return value.length === 0 ? [] : [[name!.trim().toLowerCase(), value.join(':').replace('!important', '').trim()]];
    }),
  );
}

function lookOf(style: Record<string, string>, bgcolor: string | undefined, tag: string, around: Look): Look {
  const given = style['background-color'] ?? style['background'] ?? bgcolor;
  const background = given === undefined ? null : colourIn(given);
  const size = Number.parseFloat(style['font-size'] ?? '');
  const weight = style['font-weight'] ?? (/^(b|strong|th|h[1-6])$/.test(tag) ? 'bold' : undefined);
  return {
    colour: (style['color'] && colourIn(style['color'])) || around.colour,
    background: background ?? around.background,
    size: style['font-size']?.endsWith('px') && size > 0 ? size : around.size,
    bold: weight === undefined ? around.bold : weight === 'bold' || Number(weight) >= 700,
    pictured: (background === null && around.pictured) || /url\(/.test(style['background'] ?? style['background-image'] ?? ''),
  };
}

/** The colour of a value such as `#fff url(…) no-repeat`; null where it has none, or lets shine through what lies behind. */
function colourIn(value: string): string | null {
  for (const word of value.match(/#[0-9a-f]{3,8}\b|rgba?\([^)]*\)|hsla?\([^)]*\)|[a-z]+/gi) ?? []) {
    const colour = colordx(word);
    if (colour.isValid() && colour.alpha() > 0.5) return colour.toHex().slice(0, 7);
  }
  return null;
}

function judge(text: string, { colour, background, size, bold, pictured }: Look, found: Map<string, LowContrast>): void {
  if (pictured || !/[\p{L}\p{N}]/u.test(text)) return;
  const wanted = size >= 24 || (bold && size >= 18.66) ? 3 : 4.5;
  const ratio = colordx(colour).contrast(background);
  const key = `${colour} ${background} ${wanted}`;
  if (ratio < wanted && !found.has(key)) found.set(key, { text, colour, background, ratio, wanted });
}
