import type { CompiledMail } from '../compile-mail.ts';
import { fill } from '../templates.ts';
import { originOf, type Segment, textOf } from '../template-files.ts';
import { lowContrast } from './contrast.ts';
import type { TemplateFinding, TemplateRule } from './finding.ts';
import { SAMPLE_ADDRESS, SAMPLE_LINKS, sampleView } from './sample.ts';
import type { VariableUse } from './variables.ts';

/** Gmail shows the first 102 KB of a mail and hides the rest behind a link, the footer with it. */
const CLIPPED = 102 * 1024;
const NEARLY_CLIPPED = 80 * 1024;
/** What a phone shows of a subject, roughly. */
const LONG_SUBJECT = 70;
/** Below this nobody reads it, whatever the rules say. */
const UNREADABLE = 3;
/** A counted link is as long as this. */
const tracked = (_name: string, url: string): string => (/^https?:/.test(url) ? `https://example.com/c/${'x'.repeat(40)}` : url);

/** What can be seen once a mail is filled in: for a reader of whom all is known, and for one of whom nothing is. */
export function readPage(mail: CompiledMail, uses: readonly VariableUse[], params: Record<string, unknown>): TemplateFinding[] {
  const { source } = mail;
  const findings: TemplateFinding[] = [];
  const find = (
    level: TemplateFinding['level'],
    rule: TemplateRule,
    line: number | null,
    reason: string,
    mend: string,
    file = source.file,
  ) => findings.push({ level, file, line, rule, variable: null, reason, mend });
  let full: ReturnType<typeof fill>;
  let bare: ReturnType<typeof fill>;
  try {
    full = fill(mail, sampleView(uses, { params, bare: false }), tracked);
    bare = fill(mail, sampleView(uses, { params, bare: true }), tracked);
  } catch (error) {
    find('error', 'syntax', null, (error as Error).message.replace(/^template '[^']*': /, ''), 'see templates/README.md');
    return findings;
  }

  const bytes = Math.max(Buffer.byteLength(full.html), Buffer.byteLength(bare.html));
  if (bytes > NEARLY_CLIPPED)
    find(
      bytes > CLIPPED ? 'error' : 'warning',
      'size',
      null,
      `its HTML is ${Math.ceil(bytes / 1024)} KB, and Gmail cuts a mail off at 102 KB`,
      'say less, or put a part of it on a page',
    );

  if (source.layout !== 'internal') {
    if (!bare.html.includes(SAMPLE_LINKS.unsubscribeUrl))
      find(
        'error',
        'unsubscribe',
        null,
        'as marketing it has no way to unsubscribe',
        'put {{#if unsubscribeUrl}}<a href="{{unsubscribeUrl}}">Unsubscribe</a>{{/if}} into its layout',
      );
    if (!textOfHtml(bare.html).includes(SAMPLE_ADDRESS))
      find(
        'error',
        'postal-address',
        null,
        'it does not say the firm’s postal address, which marketing must',
        'put {{workspace.postalAddress}} into its layout',
      );
  }

  const subjectLine = source.subject[0]!.line;
  const { subject } = full;
  if (subject === '' || bare.subject === '') find('error', 'subject', subjectLine, 'its subject can be empty', 'give it words of its own');
  if (subject.length > LONG_SUBJECT && source.layout !== 'internal')
    find(
      'warning',
      'subject',
      subjectLine,
      `its subject has ${subject.length} letters, and mailboxes show some ${LONG_SUBJECT}`,
      'say the same in fewer words',
    );
  const letters = textOf(source.subject)
    .replace(/\{\{[^}]*\}\}/g, '')
    .replace(/[^\p{L}]/gu, '');
  if (letters.length > 7 && letters === letters.toUpperCase() && letters !== letters.toLowerCase())
    find('warning', 'subject', subjectLine, 'its subject is all capitals', 'write it as you would say it');
  if (source.preheader.trim() === '')
    find(
      'warning',
      'preheader',
      subjectLine,
      'it has no preheader, so mailboxes show the beginning of its text beside the subject',
      'add preheader: … below the subject',
    );

  // A mail that does not speak of dark mode is shown as it is, or turned around by the mailbox itself.
  const schemes = /color-scheme[^;"}]*\bdark\b/.test(full.html) ? (['light', 'dark'] as const) : (['light'] as const);
  for (const scheme of schemes)
    for (const { text, colour, background, ratio, wanted } of lowContrast(full.html, scheme)) {
      const place = placeOf(source.mjml, text) ?? { file: source.file, line: null };
      find(
        ratio < UNREADABLE ? 'error' : 'warning',
        'contrast',
        place.line,
        `“${shortened(text)}” is ${colour} on ${background}${scheme === 'dark' ? ' in dark mode' : ''}: contrast ${ratio.toFixed(1)}, readable is ${wanted}`,
        'make one of the two lighter, or the other darker',
        place.file,
      );
    }
  return findings;
}

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

const textOfHtml = (html: string): string =>
  html.replace(/<[^>]*>/g, ' ').replace(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));

/** Where the author wrote a text that was found in the page: by the longest run of its words that stands in the source. */
function placeOf(segments: readonly Segment[], text: string): { file: string; line: number } | null {
  const source = textOf(segments);
  const words = text.split(' ');
  for (let count = Math.min(words.length, 6); count > 0; count--)
    for (let from = 0; from + count <= words.length; from++) {
      const run = words.slice(from, from + count).join(' ');
      const at = run.length > 3 ? source.indexOf(run) : -1;
      if (at !== -1) return originOf(segments, source.slice(0, at).split('\n').length, run);
    }
  return null;
}
