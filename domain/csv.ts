/** Rows as CSV (RFC 4180) with a byte order mark, so that spreadsheets read it as UTF-8. What a spreadsheet would take for a formula is quoted away. */
export function toCsv(columns: readonly string[], rows: readonly Readonly<Record<string, string>>[]): string {
  const line = (cells: readonly string[]): string => cells.map(cell).join(',');
  return `\uFEFF${[line(columns), ...rows.map((row) => line(columns.map((column) => row[column] ?? '')))].join('\r\n')}\r\n`;
}

/** Where a cell begins, for whoever takes commas or semicolons for what stands between cells: what cannot be seen there does not hide what follows. */
const FORMULA = /(^|;)(?=[\s\p{C}]*[=+\-@＝＋－＠]|[\t\r])/gu;

/** A cell as a spreadsheet may open it: what it would take for a formula is quoted away. */
export function cell(value: string): string {
  return quoted(value.replace(FORMULA, "$1'"));
}

/** A cell of CSV, in quotes where it must be. */
const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
