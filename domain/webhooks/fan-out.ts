import { type Happening, typesOf } from './happening.ts';
import { wants } from './types.ts';

/** What is asked of somebody who listens, to know what they are told. */
export interface Hearer {
  id: string;
  types: readonly string[];
  system: string | null;
  includeTest: boolean;
  /** The lowest id of what is told them now. */
  from: string;
}

/** A message to be, and who asks for it. */
export interface Telling {
  /** The `webhook-id`. */
  id: string;
  type: string;
  row: Happening;
  hearers: Hearer[];
}

/** The name of a row's message: the same whenever it is made, and in the order of happening. */
export const messageId = (rowId: string, letter: string): string => `msg_${rowId.replaceAll('-', '')}${letter}`;

/** Who is told what of these rows. Not who is told nothing of tests, for that is known only when the lead is. */
export function tellingsOf(rows: readonly Happening[], hearers: readonly Hearer[]): Telling[] {
  return rows.flatMap((row) =>
    typesOf(row).flatMap(({ type, letter }) => {
      const told = hearers.filter(
        (one) => row.id >= one.from && wants(one.types, type) && (row.origin === null || row.origin !== one.system),
      );
      return told.length === 0 ? [] : [{ id: messageId(row.id, letter), type, row, hearers: told }];
    }),
  );
}
