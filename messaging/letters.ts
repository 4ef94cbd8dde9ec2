/** A mail on paper. */
export interface Letter {
  /** The address, line by line. */
  to: string[];
  subject: string;
  /** The text part of the mail. */
  text: string;
}

export interface LetterHead {
  firm: string;
  /** In one line, small above the window. */
  postalAddress: string | null;
  /** As it stands on the letter, `22 November 2026`. */
  date: string;
  language: string;
}

/** The text of a mail without what is said around it: the firm's name above, the footer below. */
export function letterText(text: string, firm: string): string {
  const paragraphs = text.trim().split(/\n{2,}/);
  if (paragraphs[0]?.trim() === firm) paragraphs.shift();
  if (paragraphs.at(-1)?.trim().startsWith(firm)) paragraphs.pop();
  return paragraphs.join('\n\n').trim();
}

/**
 * A page for the printer: A4, one letter after the other, the address where the window of a DIN long envelope is (DIN 5008 B), marks for
 * folding. On screen it tells who has no address to write to.
 */
export function letterPage(head: LetterHead, letters: readonly Letter[], without: readonly string[]): string {
  return `<!doctype html>
<html lang="${escape(head.language)}">
<head>
<meta charset="utf-8">
<title>${escape(letters[0]?.subject ?? 'Letters')}</title>
<style>${STYLE}</style>
</head>
<body>
<p class="note">${letters.length} letter${letters.length === 1 ? '' : 's'}. Print on A4 at 100 %, without headers and footers.${without.length === 0 ? '' : ` No postal address is known of ${escape(without.join(', '))}.`}</p>
${letters.map((letter) => letterHtml(head, letter)).join('\n')}
</body>
</html>
`;
}

function letterHtml({ firm, postalAddress, date }: LetterHead, { to, subject, text }: Letter): string {
  const sender = [...new Set([firm, ...(postalAddress ?? '').split(/\s*(?:,|\n)\s*/)])].filter(Boolean).join(' · ');
  return `<article>
<i class="fold one"></i><i class="fold two"></i>
<header>${escape(firm)}</header>
<address><small>${escape(sender)}</small>${to.map((line) => `<span>${escape(line)}</span>`).join('')}</address>
<p class="date">${escape(date)}</p>
<main>
<h1>${escape(subject)}</h1>
${text
  .split(/\n{2,}/)
  .map(paragraph)
  .join('\n')}
</main>
</article>`;
}

function paragraph(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  if (lines.length > 0 && lines.every((line) => line.startsWith('* ')))
    return `<ul>${lines.map((line) => `<li>${escape(line.slice(2))}</li>`).join('')}</ul>`;
  return `<p>${lines.map(escape).join('<br>')}</p>`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (letter) => ENTITIES[letter]!);

const STYLE = `
@page { size: A4; margin: 0; }
* { box-sizing: border-box; }
body { margin: 0; font: 11pt/1.45 Georgia, 'Times New Roman', serif; color: #111; background: #ddd; }
.note { font: 14px/1.4 sans-serif; width: 210mm; margin: 0 auto; padding: 6mm 0; }
article { position: relative; width: 210mm; min-height: 297mm; margin: 0 auto 8mm; padding: 98mm 20mm 25mm 25mm; background: #fff; }
header { position: absolute; top: 18mm; left: 25mm; right: 20mm; font-size: 15pt; }
address { position: absolute; top: 45mm; left: 25mm; width: 80mm; height: 45mm; overflow: hidden; font-style: normal; }
address small { display: flex; align-items: flex-end; height: 17.7mm; padding-bottom: 1.5mm; font-size: 7pt; line-height: 1.2; }
address span { display: block; line-height: 1.25; }
.date { position: absolute; top: 82mm; right: 20mm; margin: 0; }
h1 { margin: 0 0 8mm; font-size: 11pt; }
p, ul { margin: 0 0 4mm; overflow-wrap: anywhere; } ul { padding-left: 6mm; }
.fold { position: absolute; left: 4mm; width: 5mm; border-top: .25pt solid #666; } .one { top: 105mm; } .two { top: 210mm; }
@media print { body { background: none; } .note { display: none; } article { margin: 0; break-after: page; } article:last-child { break-after: auto; } }
`;
