import type { Attendance } from './attendance.ts';
import { createScoringActivities, type ScoringDeps } from './scoring.ts';
import { type CallDeps, createCallActivities } from './calls.ts';
import { createDeliveryActivities, type DeliveryDeps } from './delivery.ts';
import { createFeedActivities, type FeedDeps } from './feed.ts';
import { createMailboxActivities, type MailboxDeps } from './mailbox.ts';
import { createNurtureActivities, type NurtureDeps } from './nurture.ts';
import { createOffboardActivities, type OffboardDeps } from './offboard.ts';
import { createQualificationActivities, type QualificationDeps } from './qualification.ts';
import { createSegmentActivities, type SegmentDeps } from './segments.ts';
import { createSequenceActivities, type SequenceDeps } from './sequence.ts';
import { createSweepActivities, type SweepDeps } from './sweep.ts';

export type ActivityDeps = SweepDeps &
  NurtureDeps &
  ScoringDeps &
  SegmentDeps &
  SequenceDeps &
  QualificationDeps &
  OffboardDeps &
  DeliveryDeps &
  CallDeps &
  FeedDeps &
  MailboxDeps &
  Pick<Attendance, 'attend'>;

/** Every activity there is, by name: what a worker registers. */
export function createActivities(deps: ActivityDeps) {
  const { attend } = deps;
  const { rescore } = createScoringActivities(deps);
  const { advance } = createNurtureActivities(deps);
  const { deliver } = createDeliveryActivities(deps);
  return {
    rescore: (range: Parameters<typeof rescore>[0]) => attend({ kind: 'scoring', ...range }, () => rescore(range)),
    advance: (range: Parameters<typeof advance>[0]) => attend({ kind: 'nurture', ...range }, () => advance(range)),
    deliver: (lane: Parameters<typeof deliver>[0]) => attend({ kind: 'delivery', ...lane }, () => deliver(lane)),
    ...createCallActivities(deps),
    ...createFeedActivities(deps),
    ...createQualificationActivities(deps),
    ...createOffboardActivities(deps),
    ...createSegmentActivities(deps),
    ...createSequenceActivities(deps),
    ...createMailboxActivities(deps),
    ...createSweepActivities(deps),
  };
}
