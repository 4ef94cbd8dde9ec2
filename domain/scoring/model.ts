import { z } from 'zod';
import { duration, lengthMs } from '../calendar/duration.ts';
import { type Condition, condition, parseCondition } from '../conditions/condition.ts';
import { parseTest, passes, test } from '../conditions/test.ts';
import type { EngagementRule } from './engagement.ts';
import { COLD, type Level } from './levels.ts';
import { mayOnlyLookAt } from './looks-at.ts';

const key = z.string().regex(/^[a-z][a-z0-9_-]*$/, 'a key such as senior-title');
const points = z.number().refine((value) => value !== 0, 'a rule of 0 points says nothing');

const fitRule = z.strictObject({
  id: key,
  when: condition.superRefine(mayOnlyLookAt(['attribute', 'tag'], 'fit is who somebody is: it looks at attributes and tags')),
  points,
});

const engagementRule = z.strictObject({
  id: key,
  event: z.string(),
  /** What the event's properties must be, as in a condition. */
  where: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null(), test])).default({}),
  points,
  /** Time in which the points lose half their weight, a day being 24 hours. */
  halfLife: duration.refine(
    (of) => lengthMs(of) >= lengthMs('1m') && lengthMs(of) <= lengthMs('3650d'),
    'a half-life is between a minute and ten years',
  ),
  /** The most that this rule may give (or take), in points without sign. */
  cap: z.number().positive().optional(),
});

const level = z.strictObject({ key, up: z.number().positive(), down: z.number().positive() });

/** The scoring document: fit says who somebody is (A-D), engagement what they do (points that fade). */
export const scoringSchema = z.strictObject({
  fit: z.strictObject({
    rules: z.array(fitRule).superRefine(uniqueIds),
    /** Points from which a grade is given; below C it is D. */
    grades: z
      .strictObject({ A: z.number(), B: z.number(), C: z.number() })
      .refine(({ A, B, C }) => A > B && B > C, 'A needs more points than B, and B more than C'),
  }),
  engagement: z.strictObject({
    rules: z.array(engagementRule).superRefine(uniqueIds),
    levels: z.array(level).superRefine(risingLevels),
  }),
});

export type ScoringDocument = z.infer<typeof scoringSchema>;

function uniqueIds(rules: { id: string }[], ctx: z.RefinementCtx): void {
  const seen = new Set<string>();
  rules.forEach(({ id }, i) => {
    if (seen.has(id)) ctx.addIssue({ code: 'custom', path: [i, 'id'], message: `'${id}' is there twice: every rule has an id of its own` });
    seen.add(id);
  });
}

function risingLevels(levels: Level[], ctx: z.RefinementCtx): void {
  const fault = (i: number, name: string, message: string): void => ctx.addIssue({ code: 'custom', path: [i, name], message });
  levels.forEach((level, i) => {
    const below = levels[i - 1];
    if (level.key === COLD || levels.findIndex((other) => other.key === level.key) < i)
      fault(i, 'key', `'${level.key}' is the name of another level`);
    if (level.down > level.up) fault(i, 'down', 'a level is left below the points it is reached at, or it would be left at once');
    if (below && level.up <= below.up) fault(i, 'up', `'${level.key}' must need more points than '${below.key}'`);
    if (below && level.down < below.down) fault(i, 'down', `'${level.key}' must be left before '${below.key}' is`);
  });
}

/** A scoring document made ready: conditions parsed, lengths in milliseconds. `version` 0 is a workspace that has none. */
export interface ScoringModel {
  version: number;
  fit: { rules: { id: string; when: Condition; points: number }[]; grades: ScoringDocument['fit']['grades'] };
  engagement: { rules: EngagementRule[]; levels: Level[] };
}

/** Makes a stored document ready. Throws where it is not a scoring document. */
export function scoringModel(version: number, body: unknown): ScoringModel {
  const { fit, engagement } = scoringSchema.parse(body);
  return {
    version,
    fit: { rules: fit.rules.map(({ id, when, points }) => ({ id, points, when: parseCondition(when) })), grades: fit.grades },
    engagement: {
      levels: engagement.levels,
      rules: engagement.rules.map(({ id, event, where, points, halfLife, cap }) => {
        const tests = Object.entries(where).map(([name, wanted]) => [name, parseTest(wanted)] as const);
        const matches = (properties: Record<string, unknown>, now: Date): boolean =>
          tests.every(([name, wanted]) => passes(properties[name], wanted, { now }));
        return { id, event, points, halfLife: lengthMs(halfLife), cap: cap ?? Infinity, particular: tests.length > 0, matches };
      }),
    },
  };
}

/** What a workspace scores by that has no scoring document: everybody is D and cold. */
export const noScoring: ScoringModel = {
  version: 0,
  fit: { rules: [], grades: { A: 60, B: 40, C: 20 } },
  engagement: { rules: [], levels: [] },
};
