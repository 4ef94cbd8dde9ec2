import { entryKindOf } from './entries/index.ts';
import type { EntryDocument } from './entries/kind.ts';

/** What opens an entry by the clock. */
export interface Door {
  /** What has the date; `schedule` has its own. */
  subject: 'lead' | 'account' | 'occasion' | 'quote' | 'order' | 'contract' | 'case' | 'schedule';
  /** Which of the subject's dates; null: a schedule's own. */
  name: string | null;
  /** The entry in short, as it stays when the document around it changes. */
  says: string;
}

/** The doors among a campaign's entries. Each is named by what it says, so that a newer version finds it again wherever it stands. */
export function doorsOf(entries: readonly EntryDocument[]): (Door & { door: string; position: number })[] {
  const seen = new Map<string, number>();
  return entries.flatMap((entry, position) => {
    const door = entryKindOf(entry)?.door?.(entry);
    if (!door) return [];
    const nth = (seen.get(door.says) ?? 0) + 1;
    seen.set(door.says, nth);
    return [{ ...door, door: nth === 1 ? door.says : `${door.says} #${nth}`, position }];
  });
}
