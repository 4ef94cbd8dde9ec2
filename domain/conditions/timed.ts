import { type Duration, lengthMs } from '../calendar/duration.ts';
import { type Condition, type Leaf, leavesOf } from './condition.ts';
import type { Test } from './test.ts';

const MINUTE = 60_000;
/** What looks at time is looked at again this often, at least and at most, milliseconds. */
const SOONEST = 5 * MINUTE;
const LATEST = 60 * MINUTE;
/** What others do, or a campaign, changes nothing of the lead's own that would have it looked at. */
const BY_OTHERS = 15 * MINUTE;

/**
 * How often (ms of workspace time) a condition must be looked at again though nothing happens to the lead: 24 times in the shortest time
 * it speaks of, between five minutes and an hour. Null when only what happens to the lead changes it.
 */
export function lookAgainMs(tree: Condition): number | null {
  const every = leavesOf(tree).flatMap(leafMs);
  return every.length === 0 ? null : Math.min(...every);
}

function leafMs(leaf: Leaf): number[] {
  switch (leaf.kind) {
    case 'anyone':
      return [BY_OTHERS, ...leavesOf(leaf.is).flatMap(leafMs)];
    case 'campaign':
      return [BY_OTHERS];
    case 'event':
    case 'mail': {
      const moving =
        leaf.since === 'ever' || leaf.since === 'entry' || leaf.since === 'step' ? [] : [often(lengthMs(leaf.since as Duration))];
      return [
        ...(leaf.by === 'account' ? [BY_OTHERS] : []),
        ...moving,
        ...(leaf.kind === 'event' ? Object.values(leaf.where).flatMap(testMs) : []),
      ];
    }
    case 'tag':
    case 'consent':
      return [];
    default:
      return testMs(leaf.test);
  }
}

function testMs({ before, after, within }: Test): number[] {
  const moving =
    within === undefined ? [] : [often(lengthMs(typeof within === 'string' ? within : 'next' in within ? within.next : within.last))];
  return [before, after].some((bound) => bound?.startsWith('now')) ? [...moving, LATEST] : moving;
}

const often = (ms: number): number => Math.min(LATEST, Math.max(SOONEST, ms / 24));
