import { letterViews } from '../db/letter-views.ts';
import { type Letter, type Moved, rewriteLetters, writtenLetters } from '../db/offboarding/letters.ts';
import type { Running } from '../db/offboarding/running.ts';
import type { Queryable } from '../db/pool.ts';
import { signedBy } from '../domain/offboarding/signed.ts';
import { fillLetter } from '../messaging/personal.ts';

/** A letter with the facts in it; null where a name has no value. */
export function filled(letter: { subject: string | null; text: string }, view: object): { subject: string | null; text: string } | null {
  try {
    return fillLetter(letter, view);
  } catch {
    return null;
  }
}

/**
 * Letters of somebody who leaves that have another sender now do not speak in the old name: what nobody has edited is made anew, what somebody has written
 * gets another signature. So does what cannot be made anew: some wait to leave as they stand, and nobody gets a placeholder.
 */
export async function signAnew(tx: Queryable, { repName, repEmail, repTitle }: Running, moved: Moved): Promise<void> {
  if (moved.drafts.length + moved.sends.length === 0) return;
  const { drafts, sends } = await writtenLetters(tx, moved);
  const letters = [...drafts, ...sends];
  const views = await letterViews(
    tx,
    letters.map(({ leadId, rep }) => ({ leadId, repId: rep.id })),
  );
  const was = { name: repName, email: repEmail, title: repTitle };
  const anew = ({ id, subject, text, rep, entry, source }: Letter, n: number) => ({
    id,
    ...((source && filled(source, { ...views[n], params: { entry } })) ?? { subject, text: signedBy(text, was, rep) }),
  });
  await rewriteLetters(tx, { drafts: drafts.map(anew), sends: sends.map((letter, n) => anew(letter, drafts.length + n)) });
}
