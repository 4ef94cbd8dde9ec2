import { z } from 'zod';
import type { EntryDocument } from './entries/kind.ts';
import { type People, people } from './people.ts';
import type { StepIssue } from './step.ts';

/**
 * Keys of an entry that may have the company as its subject: `of: account` and who of it. Whoever is brought stands for the company and answers for
 * the entry's conditions; the people chosen enter in their place. The company is in the campaign once: while anybody of it is, nobody else of it
 * comes in this way, and `reentry` counts from when the last of them left.
 */
export const companyKeys = {
  of: z.literal('account').optional().describe('`account`: the company is the subject; `people` of it enter, once for the company'),
  people: people.optional().describe('who of the company enters, with `of: account`; left out: everybody'),
};

/** Who of a company an entry lets in; null where it lets in whoever is brought. */
export function peopleOf(entry: EntryDocument): People | null {
  if (entry['of'] !== 'account') return null;
  return people.parse(entry['people'] ?? {});
}

/** `of` and `people` belong together. */
export function companyLint(entry: { of?: string | undefined; people?: People | undefined }): StepIssue[] {
  if (entry.people && entry.of === undefined)
    return [{ reason: `'people' says who of a company`, mend: 'add of: account, or leave it out' }];
  if (entry.of !== undefined && !entry.people)
    return [{ reason: 'everybody of the company enters', mend: 'say who: people: { roles: [decider], max: 1 }', level: 'warning' }];
  return [];
}
