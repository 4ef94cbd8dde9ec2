import { type Draft, draftsById, dueDrafts } from '../db/drafts.ts';
import type { Queryable } from '../db/pool.ts';
import { queueSends } from '../db/sends.ts';
import { deliveryOf, type Loop } from '../domain/loops.ts';
import { draftMail } from '../messaging/draft-mail.ts';
import type { MailSettings } from './qualification/mails.ts';
import type { Chore } from './sweep.ts';

/** Tells the reps of these drafts by mail. Answers whom to poke after the commit. */
export async function tellDrafts(
  tx: Queryable,
  mail: MailSettings,
  drafts: readonly (string | Draft)[],
  kind: 'new' | 'due',
): Promise<Loop[]> {
  const given = drafts.filter((one) => typeof one !== 'string');
  const asked = await draftsById(
    tx,
    drafts.filter((one) => typeof one === 'string'),
  );
  const lanes = await queueSends(
    tx,
    [...given, ...asked].map((draft) => draftMail(mail, draft, kind)),
  );
  return deliveryOf(lanes);
}

/** What the sweeper does for drafts: nobody forgets one. */
export function draftChores(mail: MailSettings): Chore[] {
  return [{ name: 'drafts that are due', run: async (tx) => tellDrafts(tx, mail, await dueDrafts(tx), 'due') }];
}
