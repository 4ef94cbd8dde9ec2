/** One line of the report. What does not apply is left out. */
export interface Row {
  figure: string;
  ours: string;
  baseline?: string;
  ratio?: string;
  goal?: string;
  /** `must`: not the goal, but what must be. */
  met?: boolean | 'must';
}

/** The rows as plain text, columns aligned. */
export function table(rows: readonly Row[]): string {
  const head = ['figure', 'ours', 'baseline', 'ratio', 'goal', 'met'];
  const met = ({ met }: Row): string => (met === undefined ? '' : met === 'must' ? 'the must' : met ? 'yes' : 'NO');
  const cells = rows.map((row) => [row.figure, row.ours, row.baseline ?? '', row.ratio ?? '', row.goal ?? '', met(row)]);
  const width = head.map((title, i) => Math.max(title.length, ...cells.map((line) => line[i]!.length)));
  const text = (line: string[]): string =>
    line
      .map((cell, i) => (i === 0 || i === 5 ? cell.padEnd(width[i]!) : cell.padStart(width[i]!)))
      .join('  ')
      .trimEnd();
  return [text(head), width.map((w) => '-'.repeat(w)).join('  '), ...cells.map(text)].join('\n');
}
