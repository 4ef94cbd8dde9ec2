import { accountsOf } from '../../db/lead-changes.ts';
import { writeJournal } from '../../db/journal.ts';
import { peopleOfAccounts } from '../../db/people.ts';
import type { Queryable } from '../../db/pool.ts';
import { activeIn } from '../../db/starts.ts';
import { choosePeople } from '../../domain/campaign/people.ts';
import type { Carried, EffectContext } from './family.ts';

type Asking = Carried<'start'> | Carried<'stop'>;

/** One effect and a lead it is for. */
export interface Meant<One> {
  one: One;
  leadId: string;
}

/**
 * Whom these effects are for: the lead itself, or those of its company who are asked for and not yet (`start`), or still (`stop`), in that campaign. How many of the
 * company were found is journalled. A test lead concerns nobody else.
 */
export async function meant<One extends Asking>(
  tx: Queryable,
  kind: 'start' | 'stop',
  carried: readonly One[],
  { range }: EffectContext,
): Promise<Meant<One>[]> {
  const wide = carried.filter(({ effect, enrolment }) => effect.for !== null && !enrolment.test);
  const accounts = await accountsOf(
    tx,
    wide.map(({ enrolment }) => enrolment.leadId),
  );
  const people = await peopleOfAccounts(tx, [...new Set(accounts.values())]);
  const leadIds = [...people.values()].flat().map((one) => one.leadId);
  const active =
    leadIds.length === 0 ? new Set<string>() : await activeIn(tx, [...new Set(wide.map(({ effect }) => effect.campaign))], leadIds);

  const all: Meant<One>[] = [];
  const counted: { one: One; people: number }[] = [];
  for (const one of carried) {
    const { effect, enrolment } = one;
    if (effect.for === null) {
      all.push({ one, leadId: enrolment.leadId });
      continue;
    }
    const others = (people.get(accounts.get(enrolment.leadId) ?? '') ?? []).filter(
      ({ leadId }) => leadId !== enrolment.leadId && active.has(`${effect.campaign} ${leadId}`) === (kind === 'stop'),
    );
    const chosen = enrolment.test ? [] : choosePeople(others, effect.for);
    // Who is chosen counts as in it for the next of the batch, so that two of one company do not start the same people.
    for (const { leadId } of chosen) {
      all.push({ one, leadId });
      if (kind === 'start') active.add(`${effect.campaign} ${leadId}`);
      else active.delete(`${effect.campaign} ${leadId}`);
    }
    counted.push({ one, people: chosen.length });
  }
  await writeJournal(
    tx,
    counted.map(({ one: { effect, stepId, enrolment }, people: found }) => ({
      kind: 'colleagues' as const,
      leadId: enrolment.leadId,
      campaignId: range.campaignId,
      enrolmentId: enrolment.id,
      seq: enrolment.seq + 1,
      stepId,
      because: { rule: 'colleagues', did: kind, campaign: effect.campaign, people: found },
    })),
  );
  return all;
}
