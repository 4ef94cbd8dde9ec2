import { deliveryOf, qualificationOf } from '../domain/loops.ts';
import { forgetQuietAlerts, tellAlerts, watchLanes } from '../db/alerts.ts';
import { lookAtConsents } from '../db/consent-looks.ts';
import { judgeDue } from '../db/hit-judgement.ts';
import { forgetHits } from '../db/hits.ts';
import { ensurePartitions, escalateReviews } from '../db/housekeeping.ts';
import { releaseOffers } from '../db/queue.ts';
import { reviewConflicts } from '../db/routing/conflicts.ts';
import { climbReviews } from '../db/reviews.ts';
import { forgetContentHashes } from '../db/submissions.ts';
import type { Chore } from './sweep.ts';

/** What the sweeper does besides poking. */
export const chores: readonly Chore[] = [
  { name: 'partitions of the months to come', run: (tx) => ensurePartitions(tx).then(() => []) },
  { name: 'content hashes whose window has passed', run: (tx) => forgetContentHashes(tx).then(() => []) },
  { name: 'consents that run out, and those to be confirmed', run: lookAtConsents },
  { name: 'clicks and opens whose minute is over', run: judgeDue },
  { name: 'clicks and opens of long ago', run: (tx) => forgetHits(tx).then(() => []) },
  {
    name: 'submissions overdue for review',
    async run(tx) {
      return deliveryOf(await escalateReviews(tx));
    },
  },
  {
    name: 'what is offered to those whose absence has begun',
    run: async (tx) => qualificationOf(await releaseOffers(tx, null)),
  },
  { name: 'two reps at one account who are not any more', run: (tx) => reviewConflicts(tx).then(() => []) },
  { name: 'submissions that wait for somebody to look', run: climbReviews },
  { name: 'lanes that stand still', run: (tx) => watchLanes(tx).then(() => []) },
  { name: 'alerts that have passed', run: (tx) => forgetQuietAlerts(tx).then(() => []) },
  {
    name: 'alerts for the managers',
    async run(tx) {
      return deliveryOf(await tellAlerts(tx));
    },
  },
];
