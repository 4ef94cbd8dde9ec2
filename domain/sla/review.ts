import { after, type WorkTime } from './ladder.ts';
import type { SlaDocument } from './document.ts';
import { plus } from '../calendar/duration.ts';
import type { ReviewAction } from './rungs.ts';

export interface ReviewRung {
  action: ReviewAction;
  due: Date;
}

/**
 * What is to be done about a submission that has waited since an instant, in the order in which it falls due: the workspace's hours never change
 * under it as a rep's do, so the two clocks make one order.
 */
function reviewRungs({ rungs }: SlaDocument['review'], since: Date, office: WorkTime): ReviewRung[] {
  const placed = rungs.map((rung) => ({
    action: rung.do,
    due: rung.clock === 'wall' ? plus(since, rung.after, office.zone) : after(since, rung.after, office),
  }));
  return placed.toSorted((a, b) => a.due.getTime() - b.due.getTime());
}

/** What is due by now when `done` rungs are, and when to look again: at the next rung, else for a reminder. */
export function reviewNow(
  review: SlaDocument['review'],
  waiting: { since: Date; done: number; lookAt: Date | null },
  now: Date,
  office: WorkTime,
): { due: ReviewRung[]; lookAt: Date } {
  const left = reviewRungs(review, waiting.since, office).slice(waiting.done);
  const due = left.filter((rung) => rung.due <= now);
  const again = left.length === 0 && waiting.lookAt && waiting.lookAt <= now ? [{ action: 'manager' as const, due: waiting.lookAt }] : due;
  return { due: again, lookAt: left[due.length]?.due ?? after(now, review.again, office) };
}
