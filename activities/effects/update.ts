import { changeAccounts, type ChangedLead, changeLeads } from '../../db/lead-changes.ts';
import { moveStage } from '../../db/lifecycle.ts';
import type { Queryable } from '../../db/pool.ts';
import { wakeLeads } from '../../db/wakes.ts';
import { wokenLoops } from '../../db/woken-loops.ts';
import { groupBy } from '../../domain/group-by.ts';
import type { Loop } from '../../domain/loops.ts';
import type { EffectFamily } from './family.ts';

/** Writes what the batch says of its leads and their companies, and wakes whatever looks at what has changed. */
export const update: EffectFamily<'update'> = async (tx, carried) => {
  const changed = await changeLeads(
    tx,
    carried.map(({ effect: { lead, addTags, removeTags }, enrolment: { leadId } }) => ({ leadId, set: lead, addTags, removeTags })),
  );
  const ofCompany = carried.filter(({ effect }) => Object.keys(effect.account).length > 0);
  const people = await changeAccounts(
    tx,
    ofCompany.map(({ effect, enrolment }) => ({ leadId: enrolment.leadId, set: effect.account })),
  );
  const moved: string[] = [];
  for (const [move, those] of groupBy(carried, ({ effect }) => effect.move)) {
    const leadIds = [...new Set(those.map(({ enrolment }) => enrolment.leadId))];
    if (move) moved.push(...(await moveStage(tx, leadIds, move)));
  }
  return wakeChanged(tx, [...changed, ...people], moved);
};

/** Wakes these leads' enrolments and scores, each once. `more` are ids whose slots are not known here. Under `lockLeads`. */
export async function wakeChanged(tx: Queryable, changed: readonly ChangedLead[], more: readonly string[] = []): Promise<Loop[]> {
  const slots = new Set(changed.map((one) => one.slot));
  const woken = await wakeLeads(tx, [...new Set([...changed.map((one) => one.id), ...more])]);
  return wokenLoops(tx, woken, [...slots, ...woken.map((one) => one.slot)]);
}
