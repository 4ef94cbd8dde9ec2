import { type Fault, type Heard, isFault } from '../domain/crm/common.ts';
import type { ExternalName } from '../domain/crm/external.ts';

/** What is told of one person or company under one id. */
export interface Given {
  externalId: string;
  told: unknown;
}

/** The same once it is read. */
export interface ToldRow<Told> {
  /** Its place among those given. */
  n: number;
  externalId: string;
  told: Told;
  /** The id is known already. */
  known: boolean;
  /** Whom it is about; null until they are found or made. */
  id: string | null;
  made: boolean;
}

/** Reads each by itself. One that cannot be read, or whose id stands there already, is at fault. */
export function readRows<Told extends object>(
  given: readonly Given[],
  read: (told: unknown) => Told | Fault,
  faults: Map<number, Fault>,
): ToldRow<Told>[] {
  const first = new Map<string, number>();
  return given.flatMap(({ externalId, told }, n) => {
    const earlier = first.get(externalId);
    first.set(externalId, earlier ?? n);
    const found =
      earlier === undefined
        ? read(told)
        : invalid('externalId', `stands in row ${earlier + 1} already`, 'The same id stands twice in one batch');
    if (isFault(found)) {
      faults.set(n, found);
      return [];
    }
    return [{ n, externalId, told: found, known: false, id: null, made: false }];
  });
}

export const invalid = (path: string, reason: string, detail: string): Fault => ({ code: 'invalid', detail, issues: [{ path, reason }] });

/** Those that are not at fault. */
export const heeded = <Row extends { n: number }>(rows: readonly Row[], faults: ReadonlyMap<number, Fault>): Row[] =>
  rows.filter((row) => !faults.has(row.n));

/** The ids to note: those that were not known. */
export const newNames = (system: string, rows: readonly ToldRow<unknown>[]): (ExternalName & { id: string; made: boolean })[] =>
  rows.flatMap(({ known, externalId, id, made }) => (known ? [] : { system, externalId, id: id!, made }));

/** What became of each that was given, in their order. `changedBy`: the places of those that changed something. */
export function heardOf(
  given: readonly Given[],
  rows: readonly ToldRow<unknown>[],
  faults: ReadonlyMap<number, Fault>,
  changedBy: ReadonlySet<number>,
): Heard[] {
  const read = new Map(rows.map((row) => [row.n, row]));
  return given.map((_, n): Heard => {
    const fault = faults.get(n);
    if (fault) return { result: 'fault', fault };
    const { made, id } = read.get(n)!;
    return { result: made ? 'created' : changedBy.has(n) ? 'updated' : 'unchanged', id: id! };
  });
}
