import type { LoopCampaign } from '../../db/campaigns.ts';
import type { NurtureRange, ReadyEnrolment } from '../../db/enrolments.ts';
import type { Queryable } from '../../db/pool.ts';
import type { Decision } from '../../domain/campaign/decide.ts';
import type { Plan } from '../../domain/campaign/plan.ts';
import type { Effect } from '../../domain/campaign/step.ts';
import type { Loop } from '../../domain/loops.ts';
import type { MailSettings } from '../qualification/mails.ts';

/** One enrolment's decision, its position and journal written already. */
export interface Decided {
  enrolment: ReadyEnrolment;
  decision: Decision;
  plan: Plan;
}

/** One effect to carry out: what, by which step, for whom. */
export interface Carried<Kind extends Effect['kind']> {
  effect: Extract<Effect, { kind: Kind }>;
  stepId: string;
  enrolment: ReadyEnrolment;
  plan: Plan;
}

/** What a batch shares. */
export interface EffectContext {
  range: NurtureRange;
  campaign: LoopCampaign;
  /** Workspace time. */
  now: Date;
  /** For links in mails to people of the firm. */
  mail: MailSettings;
}

/**
 * Carries out all of a batch's effects of one kind, in the transaction that wrote the positions and in a fixed number of statements, each
 * effect once by its key. The leads of the enrolments are locked already, unless all that is asked for is mail. Answers whom to poke after the commit.
 */
export type EffectFamily<Kind extends Effect['kind']> = (
  tx: Queryable,
  carried: readonly Carried<Kind>[],
  context: EffectContext,
) => Promise<Loop[]>;
