import { z } from 'zod';
import { type Duration, duration, pause } from '../calendar/duration.ts';
import { hours } from '../calendar/hours.ts';
import { acceptedLadder, offeredLadder, reviewLadder, type Rung } from './rungs.ts';

/** Names a channel of the setting CHAT_WEBHOOKS. The address itself is a secret and stands in no document. */
const channel = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is not the name of a chat channel such as sales');
const repKey = z.string().min(1).max(100);

/** Who hears of it besides the rep. */
const alerts = z.strictObject({
  /** The Slack-compatible channel that is written to. */
  slack: channel.nullable().default(null),
  /** Keys of the reps who are told as managers; left out: everybody who is one. */
  managers: z.array(repKey).min(1).nullable().default(null),
});

/** How far a rep may put a lead off. */
const snooze = z.strictObject({
  longest: duration.default('30d'),
  /** How often, for one opportunity. 0: never. */
  times: z.int().min(0).max(100).default(2),
});

/** The promise of one pool, or for one grade. */
const policy = z.strictObject({
  /** From the offer until somebody accepts. */
  offered: offeredLadder,
  /** How often the ladder may take a lead from a rep. */
  reassigns: z.int().min(0).max(10),
  /** From the acceptance until the rep has really talked to them. */
  accepted: acceptedLadder,
  /** From the first talk until there is an outcome. */
  touched: acceptedLadder,
  /** Above the last rung: how often the managers (while touched, the owner) are reminded until somebody acts. */
  again: z.strictObject({ offered: pause, accepted: pause, touched: pause }),
  alerts,
  snooze,
});

export type Policy = z.infer<typeof policy>;

/** Whose ladders may differ: the green channel, those who asked for sales themselves, and the fits. */
export const gradeKeys = ['vip', 'urgent', 'A', 'B', 'C', 'D'] as const;
export type Grade = (typeof gradeKeys)[number];
const grades = z.partialRecord(z.enum(gradeKeys), policy.partial());

const business = (after: Duration, action: 'nudge' | 'backup' | 'reassign' | 'manager' | 'breach') =>
  ({ after, clock: 'business', do: action }) as const;

const usual: Policy = {
  offered: [
    business('5m', 'nudge'),
    business('15m', 'backup'),
    business('30m', 'reassign'),
    business('1h', 'manager'),
    business('4h', 'breach'),
  ],
  reassigns: 1,
  accepted: [
    { after: '4h', clock: 'business', do: 'nudge' },
    { after: '1bd', clock: 'business', do: 'manager' },
    { after: '2bd', clock: 'business', do: 'breach' },
  ],
  touched: [{ after: '2w', clock: 'business', do: 'nudge' }],
  again: { offered: '1bd', accepted: '1bd', touched: '2w' },
  alerts: { slack: null, managers: null },
  snooze: { longest: '30d', times: 2 },
};

/** What waits for a person's eye: the managers of the workspace are told, besides what its form promises. */
const review = z.strictObject({
  rungs: reviewLadder.default([
    { after: '1bd', clock: 'business', do: 'manager' },
    { after: '2bd', clock: 'business', do: 'breach' },
  ]),
  again: pause.default('1bd'),
  alerts: alerts.optional(),
});

/**
 * The SLA document: how long a lead may wait, and what happens when it does. `hours` says when the clock runs: `rep` in the rep's own
 * working hours (the workspace's where the rep has none), `always`, or hours given here; always in the rep's time zone, never on the
 * calendar's holidays. A rung with `clock: wall` heeds none of them. A pool may differ from the rest in any part, and so may a grade.
 */
export const slaDocument = z
  .strictObject({
    hours: z.union([z.enum(['rep', 'always']), hours]).default('rep'),
    /** How long the links of a mail work. */
    links: duration.default('14d'),
    /** A queue that nobody can take from is looked at again after this. */
    retry: pause.default('15m'),
    offered: policy.shape.offered.default(usual.offered),
    reassigns: policy.shape.reassigns.default(usual.reassigns),
    accepted: policy.shape.accepted.default(usual.accepted),
    touched: policy.shape.touched.default(usual.touched),
    again: policy.shape.again.default(usual.again),
    alerts: policy.shape.alerts.default(usual.alerts),
    snooze: policy.shape.snooze.default(usual.snooze),
    grades: grades.default({}),
    pools: z.record(z.string(), policy.partial().extend({ grades: grades.optional() })).default({}),
    review: review.default(review.parse({})),
  })
  .superRefine((document, found) => {
    for (const { at, rungs, slack } of alerting(document)) {
      if (slack === null && rungs.some((rung) => rung.do === 'alert'))
        found.addIssue({ code: 'custom', path: at, message: 'alert needs a channel: alerts: { slack: <name> }' });
    }
  });

export type SlaDocument = z.infer<typeof slaDocument>;

/** What is given instead of the usual, the most special first. */
type Part = Partial<Policy>;

/**
 * The promise that holds in a pool for an opportunity of these grades (`vip`, `urgent` and its fit, in this order): each part as the most
 * special place has it. The pool's word comes before the workspace's, and within each the grade's before that for everybody.
 */
export function policyOf(document: SlaDocument, poolKey: string, of: readonly Grade[] = []): Policy {
  const pool = Object.hasOwn(document.pools, poolKey) ? document.pools[poolKey] : undefined;
  const graded = (where: SlaDocument['grades'] | undefined): Part[] => of.flatMap((grade) => where?.[grade] ?? []);
  const places: Part[] = [...graded(pool?.grades), ...(pool ? [pool] : []), ...graded(document.grades), document];
  const part = <K extends keyof Policy>(name: K): Policy[K] => places.find((place) => place[name] !== undefined)![name]!;
  return {
    offered: part('offered'),
    reassigns: part('reassigns'),
    accepted: part('accepted'),
    touched: part('touched'),
    again: part('again'),
    alerts: part('alerts'),
    snooze: part('snooze'),
  };
}

/** The grades of an opportunity, the most special first. `fit` is its own grade, where a person gave one, else its lead's. */
export const gradesOf = (given: { vip: boolean; urgent: boolean; fit: string | null }): Grade[] => [
  ...(given.vip ? (['vip'] as const) : []),
  ...(given.urgent ? (['urgent'] as const) : []),
  ...gradeKeys.filter((grade) => grade === given.fit),
];

/** Every ladder as it may come to hold, with the channel it would write to. */
function alerting(document: Omit<SlaDocument, 'hours'>): { at: (string | number)[]; rungs: readonly Rung[]; slack: string | null }[] {
  const of = (at: string[], places: readonly Part[]) =>
    (['offered', 'accepted', 'touched'] as const).flatMap((state) => {
      const rungs = places[0]![state];
      const slack = places.find(({ alerts }) => alerts !== undefined)?.alerts?.slack ?? null;
      return rungs ? [{ at: [...at, state], rungs, slack }] : [];
    });
  const all = document as Part;
  return [
    ...of([], [all]),
    ...Object.entries(document.grades).flatMap(([grade, part]) => of(['grades', grade], [part, all])),
    ...Object.entries(document.pools).flatMap(([key, { grades: graded = {}, ...pool }]) => [
      ...of(['pools', key], [pool, all]),
      ...Object.entries(graded).flatMap(([grade, part]) => of(['pools', key, 'grades', grade], [part, pool, all])),
    ]),
    { at: ['review', 'rungs'], rungs: document.review.rungs, slack: (document.review.alerts ?? document.alerts).slack },
  ];
}

/** Every rep whom the document names, and where. */
export function repsNamed(document: SlaDocument): { path: string; rep: string }[] {
  const of = (path: string, part: Pick<Part, 'alerts'>) =>
    (part.alerts?.managers ?? []).map((rep, i) => ({ path: `${path}alerts.managers.${i}`, rep }));
  return [
    ...of('', document),
    ...of('review.', { alerts: document.review.alerts }),
    ...Object.entries(document.grades).flatMap(([grade, part]) => of(`grades.${grade}.`, part)),
    ...Object.entries(document.pools).flatMap(([key, pool]) => [
      ...of(`pools.${key}.`, pool),
      ...Object.entries(pool.grades ?? {}).flatMap(([grade, part]) => of(`pools.${key}.grades.${grade}.`, part)),
    ]),
  ];
}
