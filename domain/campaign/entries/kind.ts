import type { z } from 'zod';
import type { ConditionDocument } from '../../conditions/condition.ts';
import type { Campaign } from '../document.ts';
import type { Door } from '../doors.ts';
import type { StepIssue } from '../step.ts';

/** An entry as it stands in a parsed document: the condition that any entry may have, and the keys of its kind. */
export interface EntryDocument {
  if?: ConditionDocument | undefined;
  [key: string]: unknown;
}

/** What is there to be referred to. */
export interface EntryContext {
  campaign: Campaign;
  hasSegment(key: string): boolean;
}

export interface EntryKind<Entry> {
  /** The key that names the kind in a document. */
  kind: string;
  /** Its shape, `if: condition.optional()` included. */
  schema: z.ZodType<Entry>;
  /** The event whose coming makes a candidate: the registry tells `db/events.ts` to listen for it. */
  event?(entry: Entry): string;
  /** Whether a candidate is meant by this entry, by the properties it brings; others are passed over without a word. */
  matches?(entry: Entry, properties: Record<string, unknown>): boolean;
  /** What must hold, besides `if`, when the candidate's turn comes. */
  condition?(entry: Entry): ConditionDocument;
  /** The segment whose members must be known at any time, so that whoever joins it enters. */
  keeps?(entry: Entry): string;
  /** The date that opens it, where it opens by the clock (db/doors.ts). */
  door?(entry: Entry): Door;
  /** Whether it lets somebody in whom the campaign had before, unless `reentry` names a time: each of its own times is another. Nobody enters twice at once by this. */
  again?(entry: Entry, reentry: Campaign['reentry']): boolean;
  /** What is wrong with it beyond its shape. */
  lint?(entry: Entry, context: EntryContext): StepIssue[];
  /** What brings people in, in a few words: `signed_up happened`. */
  words(entry: Entry): string;
  /** For docs/campaign-language.md: what it does and the choices behind it, as markdown. */
  about?: string;
  /** One working entry as YAML, for the same page. */
  example?: string;
}

/** Declares a kind of entry: everything about it in one file, found by the registry. */
export function defineEntry<Entry>(kind: EntryKind<Entry>): EntryKind<Entry> {
  return kind;
}
