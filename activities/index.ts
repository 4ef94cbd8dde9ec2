import { createScoringActivities, type ScoringDeps } from './scoring.ts';
import { type CallDeps, createCallActivities } from './calls.ts';
import { createDeliveryActivities, type DeliveryDeps } from './delivery.ts';
import { createMailboxActivities, type MailboxDeps } from './mailbox.ts';
import { createNurtureActivities, type NurtureDeps } from './nurture.ts';
import { createQualificationActivities, type QualificationDeps } from './qualification.ts';
import { createSegmentActivities, type SegmentDeps } from './segments.ts';
import { createSweepActivities, type SweepDeps } from './sweep.ts';

export type ActivityDeps = SweepDeps & NurtureDeps & ScoringDeps & SegmentDeps & QualificationDeps & DeliveryDeps & CallDeps & MailboxDeps;

/** Every activity there is, by name: what a worker registers. */
export function createActivities(deps: ActivityDeps) {
  return {
    ...createScoringActivities(deps),
    ...createNurtureActivities(deps),
    ...createDeliveryActivities(deps),
    ...createCallActivities(deps),
    ...createQualificationActivities(deps),
    ...createSegmentActivities(deps),
    ...createMailboxActivities(deps),
    ...createSweepActivities(deps),
  };
}
