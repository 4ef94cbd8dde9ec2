import { CsvError, parse } from 'csv-parse/sync';
import { TendrilError } from '../errors.ts';
import { type Form, formSchema } from '../forms/form.ts';
import { normaliseEmail } from '../identity/email.ts';
import type { NewPerson } from '../identity/person.ts';
import { mapAnswers } from '../intake/map.ts';
import { answer } from '../intake/shape.ts';
import { delimiterOf } from './delimiter.ts';
import { listText } from './text.ts';

/** Somebody on a list, and what else their row says. */
export interface Listed {
  /** The line in the file at which the row ends; the heading is 1. */
  row: number;
  person: NewPerson;
  /** Cells of the columns that say nothing of the person, by heading. */
  rest: Record<string, unknown>;
  /** Cells of the columns that the caller kept for itself, in their order. */
  kept: string[];
}

/** A row that cannot be taken, and why. */
export interface Fault {
  row: number;
  reason: string;
}

/** How many rows one list may have; longer ones are sent in parts. */
export const MOST_ROWS = 10_000;

/** Lists have no form: what their headings mean is known by synonym, and by the shape of what stands under them. */
const plain: Form = formSchema.parse({ key: 'list', name: 'List', purpose: 'other' });

/**
 * The people of a CSV file whose first row names its columns, in whatever language and order, separated by comma, semicolon or tab. Rows
 * without a usable address or number are faults; the others stand on their own. `keep` says which columns are the caller's. `country`
 * is for national numbers. Throws `invalid` where the file as a whole cannot be read.
 */
export function readPeople(
  bytes: Uint8Array,
  country: string,
  keep: (heading: string) => boolean = () => false,
): { listed: Listed[]; faults: Fault[] } {
  const [heading, ...rows] = cellsOf(listText(bytes));
  if (!heading || rows.length === 0) throw unreadable('it has no rows below its heading');
  if (rows.length > MOST_ROWS) throw unreadable(`it has ${rows.length} rows; at most ${MOST_ROWS} go at once`);
  const headings = heading.cells;
  if (headings.some((cell) => normaliseEmail(cell) !== null))
    throw unreadable('its first row holds an address, where it should name the columns');
  const mine = headings.flatMap((name, i) => (keep(name) ? [i] : []));
  const listed: Listed[] = [];
  const faults: Fault[] = [];
  for (const { row, cells } of rows) {
    const answers = headings.flatMap((name, i) => (mine.includes(i) ? [] : answer(name, name, null, cells[i] ?? '')));
    const recognised = { provider: 'form' as const, providerId: null, submittedAt: null, answers, context: {}, test: false, consent: null };
    const { properties, unusable, circumstances: _, message, ...said } = mapAnswers(recognised, plain, country);
    if (cells.length > headings.length) faults.push({ row, reason: `has ${cells.length} cells under ${headings.length} headings` });
    else if (said.email || said.phone) {
      const { consent: __, ...person } = said;
      listed.push({ row, person, rest: { ...properties, ...(message && { message }) }, kept: mine.map((i) => cells[i] ?? '') });
    } else faults.push({ row, reason: reasonOf(unusable.map(({ field }) => field)) });
  }
  return { listed, faults };
}

function reasonOf(unusable: readonly string[]): string {
  const given = unusable.filter((field) => field === 'email' || field === 'phone');
  return given.length > 0 ? `the ${given.join(' and the ')} given cannot be used` : 'names nobody: it has no email and no phone';
}

function cellsOf(text: string): { row: number; cells: string[] }[] {
  const options = { delimiter: delimiterOf(text), bom: true, info: true, relax_column_count: true, skip_empty_lines: true, trim: true };
  try {
    const rows = parse(text, options) as unknown as { record: string[]; info: { lines: number } }[];
    return rows
      .filter(({ record }) => record.some((cell) => cell.trim() !== ''))
      .map(({ record, info }) => ({ row: info.lines, cells: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw unreadable(`line ${Number(error['lines'] ?? 1)}: ${error.code.replace('CSV_', '').toLowerCase().replaceAll('_', ' ')}`);
  }
}

function unreadable(reason: string): TendrilError {
  return new TendrilError('invalid', `The list cannot be read: ${reason}`, [
    { path: '', reason, mend: 'send CSV whose first row names the columns' },
  ]);
}
