import { colleaguesOf } from '../../db/lead-changes.ts';
import { lockLeads } from '../../db/wakes.ts';
import type { Queryable } from '../../db/pool.ts';
import type { Effect } from '../../domain/campaign/step.ts';
import type { Loop } from '../../domain/loops.ts';
import type { Carried, Decided, EffectContext, EffectFamily } from './family.ts';
import { call } from './call.ts';
import { consent } from './consent.ts';
import { handoff } from './handoff.ts';
import { notify } from './notify.ts';
import { personal } from './personal.ts';
import { send } from './send.ts';
import { split } from './split.ts';
import { start } from './start.ts';
import { stop } from './stop.ts';
import { task } from './task.ts';
import { update } from './update.ts';

/** Every kind of effect there is, in the order in which a batch's are carried out. */
const families: { [Kind in Effect['kind']]: EffectFamily<Kind> } = {
  send,
  personal,
  call,
  notify,
  task,
  handoff,
  update,
  consent,
  split,
  start,
  stop,
};

/**
 * Carries out what a batch decided, kind by kind. The leads are locked first and all at once, in id order, so that two batches never wait for
 * each other in a ring. Answers whom to poke after the commit.
 */
export async function carryOut(tx: Queryable, decided: readonly Decided[], context: EffectContext): Promise<Loop[]> {
  const all = decided.flatMap(({ decision, ...who }) => decision.effects.map(({ stepId, ...effect }) => ({ effect, stepId, ...who })));
  const concerned = all.flatMap(({ effect, enrolment }) => (effect.kind === 'send' || effect.kind === 'split' ? [] : [enrolment.leadId]));
  const companies = all.flatMap(({ effect, enrolment }) => (concernsColleagues(effect) ? [enrolment.leadId] : []));
  await lockLeads(tx, [...new Set([...concerned, ...(await colleaguesOf(tx, companies))])]);

  async function carryOutAll<Kind extends Effect['kind']>(kind: Kind): Promise<Loop[]> {
    const carried = all.filter((one): one is Carried<Kind> => one.effect.kind === kind);
    return carried.length > 0 ? families[kind](tx, carried, context) : [];
  }
  const loops: Loop[] = [];
  for (const kind of Object.keys(families) as Effect['kind'][]) loops.push(...(await carryOutAll(kind)));
  return loops;
}

const concernsColleagues = (effect: Effect): boolean =>
  effect.kind === 'update' ? Object.keys(effect.account).length > 0 : effect.kind === 'stop' && effect.for !== null;
