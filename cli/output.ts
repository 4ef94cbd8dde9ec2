import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Colour where a terminal reads it, plain text for everything else. */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return stream.isTTY && stream.hasColors() ? styleText(style, text) : text;
}

// Whoever reads may have seen enough: `tendril outbox | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

/** One line of what was asked for. Everything about the asking goes to stderr. */
export function say(line = ''): void {
  process.stdout.write(`${line}\n`);
}

/** The answer as data, for scripts. */
export function sayJson(answer: unknown): void {
  say(JSON.stringify(answer, null, 2));
}

/** Something wrong with a file: where, why, and what to do. */
export function sayFinding(where: string, { level, reason, mend }: { level: string; reason: string; mend: string }): void {
  say(`${level === 'error' ? paint('red', 'error  ') : paint('yellow', 'warning')} ${where}: ${reason}`);
  say(`        ${paint('dim', `→ ${mend}`)}`);
}

/** Rows in columns as wide as their widest cell; numbers stand to the right. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const numeric = head.map((_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number'));
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => String(row[i]).length)));
  const line = (cells: readonly (string | number)[]): string =>
    cells
      .map((cell, i) => (numeric[i] ? String(cell).padStart(widths[i]!) : String(cell).padEnd(widths[i]!)))
      .join('  ')
      .trimEnd();
  return [paint('dim', line(head)), ...rows.map(line)].join('\n');
}
