import type { Loop } from '../../domain/loops.ts';
import { storeEvents } from '../events.ts';
import type { Queryable } from '../pool.ts';
import { lockLeads } from '../wakes.ts';
import { slotsOf, wokenLoops } from '../woken-loops.ts';
import type { FoundSend } from './find-send.ts';

/** Locks the lead of a mail of ours and stores what came back to it as an event of theirs. Answers whom to poke. */
export async function storeAnswer(
  tx: Queryable,
  name: 'email_replied' | 'email_auto_replied',
  { id, leadId, campaign, enrolmentId, stepId }: FoundSend,
  properties: Record<string, unknown>,
): Promise<Loop[]> {
  await lockLeads(tx, [leadId!]);
  const told = { send: id, campaign, enrolment: enrolmentId, step: stepId, ...properties };
  const { woken, candidates } = await storeEvents(tx, [{ leadId, name, source: 'mail', properties: told }]);
  return wokenLoops(tx, [...woken, ...candidates], await slotsOf(tx, [leadId!]));
}
