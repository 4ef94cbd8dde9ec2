import type { Vocabulary } from '../workspace/vocabulary.ts';
import { type ConditionDocument, type ConditionScope, type Leaf, leavesOf, parseSegment } from './condition.ts';
import { leafWords } from './evaluate.ts';
import { isReference } from './test.ts';

export interface SegmentFault {
  reason: string;
  mend: string;
}

/**
 * What is wrong with a segment's condition beyond its shape: unknown names, circles, and what only an enrolment knows. `key` is the
 * segment's own, null for a condition that is only tried out.
 */
export function segmentFaults(
  key: string | null,
  given: ConditionDocument,
  scope: ConditionScope,
  vocabulary?: Vocabulary,
): SegmentFault[] {
  const withOwn: ConditionScope = { segment: (name) => (name === key ? given : scope.segment(name)) };
  try {
    const leaves = leavesOf(parseSegment(given, withOwn, key ?? undefined)).flatMap(everyLeaf);
    return leaves.flatMap((leaf) => [...ofEnrolments(leaf), ...(vocabulary?.leaf(leaf) ?? [])]);
  } catch (error) {
    return [{ reason: (error as Error).message, mend: 'name a segment that is there and does not contain this one' }];
  }
}

/** A leaf and those of the people it asks about. */
export const everyLeaf = (leaf: Leaf): Leaf[] => (leaf.kind === 'anyone' ? leavesOf(leaf.is).flatMap(everyLeaf) : [leaf]);

function ofEnrolments(leaf: Leaf): SegmentFault[] {
  const faults: SegmentFault[] = [];
  if ((leaf.kind === 'event' || leaf.kind === 'mail') && (leaf.since === 'entry' || leaf.since === 'step'))
    faults.push({
      reason: `'${leafWords(leaf)}': a segment knows of no ${leaf.since}`,
      mend: 'count over all time, or back from now: in: 7d',
    });
  if (leaf.kind === 'mail' && leaf.step !== 'any')
    faults.push({
      reason: `'${leafWords(leaf)}': a segment knows of no steps`,
      mend: `say ${leaf.what}: any, or event: email_${leaf.what} with a where`,
    });
  if (namesEntry(leaf))
    faults.push({ reason: `'${leafWords(leaf)}': nobody has entered anything here, so there is no $entry`, mend: 'compare with a value' });
  return faults;
}

/** Whether a leaf compares with what brought the lead in. */
export function namesEntry(leaf: Leaf): boolean {
  const tests = leaf.kind === 'event' ? [leaf.count, ...Object.values(leaf.where)] : 'test' in leaf ? [leaf.test] : [];
  return tests.some((one) => Object.values(one).flat().some(isReference));
}
