import { deliveryOf } from '../../domain/loops.ts';
import { makeDrafts, type NewDraft } from '../../db/drafts.ts';
import type { Queryable } from '../../db/pool.ts';
import { queueSends } from '../../db/sends.ts';
import { letterViews } from '../../db/letter-views.ts';
import { tellDrafts } from '../drafts.ts';
import { filled } from '../signing.ts';
import type { Carried, EffectFamily } from './family.ts';

type Letter = Carried<'personal'>;

/** Queues the letters that go by themselves; the others are drafted with the lead's facts in them, and their reps told. */
export const personal: EffectFamily<'personal'> = async (tx, carried, { range, mail }) => {
  const automatic = carried.filter(({ effect }) => effect.mode === 'auto');
  const lanes = await queueSends(
    tx,
    automatic.map(({ effect: { sendKey, thread, subject, text, dueAt }, stepId, enrolment: { id, leadId, repId, entry, test } }) => ({
      sendKey,
      class: 'personal',
      leadId,
      repId: repId ?? null,
      campaignId: range.campaignId,
      enrolmentId: id,
      stepId,
      template: 'personal',
      params: { thread, subject, text, entry },
      dueAt,
      test,
    })),
  );
  const drafted = carried.filter(({ effect }) => effect.mode === 'draft');
  const made = await makeDrafts(tx, await written(tx, range.campaignId, drafted));
  return [...deliveryOf(lanes), ...(await tellDrafts(tx, mail, made, 'new'))];
};

/** Drafts as their reps will read them. Where a name has no value the placeholder stays for the rep to mend; nothing is sent with one. */
async function written(tx: Queryable, campaignId: string, drafted: readonly Letter[]): Promise<NewDraft[]> {
  const views = await letterViews(
    tx,
    drafted.map(({ enrolment: { leadId, repId } }) => ({ leadId, repId: repId! })),
  );
  return drafted.map(({ effect: { sendKey, thread, subject, text, dueAt }, stepId, enrolment: { id, leadId, repId, entry, test } }, i) => {
    const letter = filled({ subject, text }, { ...views[i]!, params: { entry } }) ?? { subject, text };
    return {
      sendKey,
      enrolmentId: id,
      campaignId,
      stepId,
      leadId,
      repId: repId!,
      thread,
      subject: letter.subject,
      body: letter.text,
      dueAt,
      test,
    };
  });
}
