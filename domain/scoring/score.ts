import { evaluate, type Evidence, type LeadFacts } from '../conditions/evaluate.ts';
import { nextCrossing } from './crossing.ts';
import { type Curve, curveOf, type Deed, engagementAt, pointsAt } from './engagement.ts';
import { bandOf, COLD, nextLevel } from './levels.ts';
import type { ScoringModel } from './model.ts';
import type { QualificationModel } from './standard.ts';
import { nextTurn } from './turning.ts';

export type Grade = 'A' | 'B' | 'C' | 'D';

/** Who a lead is and what they did. Of the facts, fit, engagement and level are not read but computed. */
export interface Scorable {
  facts: Pick<LeadFacts, 'lead' | 'account' | 'stage' | 'tags'>;
  deeds: readonly Deed[];
}

/** One fit rule with what it saw. */
export interface FitFinding {
  rule: string;
  held: boolean;
  points: number;
  evidence: Evidence[];
}

/** A lead's score at an instant, and all it is made of. */
export interface Score {
  fit: Grade;
  fitPoints: number;
  fitFindings: FitFinding[];
  engagement: number;
  curve: Curve;
  level: string;
  /** Whether the qualification standard is met, and what each part of it saw. False without a standard. */
  qualified: boolean;
  evidence: Evidence[];
  /** When fading changes the level, or what the standard compares with, were nothing else to happen; null: never. */
  crossesAt: Date | null;
  /** When that is, or when time turns what a rule or the standard says of a date, whichever comes first; null: never. */
  looksAgainAt: Date | null;
}

/** The score of a lead who stood at `level` before (null: never scored). The same for the same input, whatever the order of deeds. */
export function score(
  model: ScoringModel,
  standard: QualificationModel | null,
  { facts, deeds }: Scorable,
  level: string | null,
  now: Date,
): Score {
  const at = now.getTime();
  const { fitPoints, fitFindings, fit } = fitOf(model, facts, now);
  const curve = curveOf(model.engagement.rules, deeds, at);
  const engagement = engagementAt(curve, at);
  const held = nextLevel(model.engagement.levels, level ?? COLD, engagement);
  const met = standard && evaluate(standard.mql, factsWith(facts, { fit, engagement, level: held }, now));
  const crossing = nextCrossing(curve, bandOf(model.engagement.levels, held, engagement, standard?.watched), at);
  const turn = nextTurn([...fitFindings.flatMap(({ evidence }) => evidence), ...(met?.evidence ?? [])], now);
  const next = Math.min(crossing ?? Infinity, turn ?? Infinity);
  return {
    fit,
    fitPoints,
    fitFindings,
    engagement,
    curve,
    level: held,
    qualified: met?.held ?? false,
    evidence: met?.evidence ?? [],
    crossesAt: crossing === null ? null : new Date(crossing),
    looksAgainAt: next === Infinity ? null : new Date(next),
  };
}

function fitOf(model: ScoringModel, facts: Scorable['facts'], now: Date): Pick<Score, 'fit' | 'fitPoints' | 'fitFindings'> {
  const known = factsWith(facts, { fit: null, engagement: null, level: null }, now);
  const fitFindings = model.fit.rules.map(({ id, when, points }) => ({ rule: id, points, ...evaluate(when, known) }));
  const fitPoints = fitFindings.reduce((sum, finding) => sum + (finding.held ? finding.points : 0), 0);
  const { A, B, C } = model.fit.grades;
  return { fit: fitPoints >= A ? 'A' : fitPoints >= B ? 'B' : fitPoints >= C ? 'C' : 'D', fitPoints, fitFindings };
}

/** What scoring conditions may look at; of the rest (consents, campaigns, counted events) their schemas let nothing through. */
export function factsWith(
  facts: Scorable['facts'],
  { fit, engagement, level }: Pick<LeadFacts, 'fit' | 'engagement' | 'level'>,
  now: Date,
): LeadFacts {
  return { ...facts, fit, engagement, level, consents: {}, campaigns: {}, counted: new Map(), context: { now } };
}

/** What is kept with a score and told to the salesperson: the rules that gave or took points, and how many. */
export interface Explanation {
  fit: { rule: string; points: number }[];
  engagement: { rule: string; event: string; count: number; points: number }[];
}

/** The points of a score, rule by rule; they add up to its fit points and its engagement at `now`. */
export function explanationOf({ fitFindings, curve }: Score, now: Date): Explanation {
  return {
    fit: fitFindings.filter((finding) => finding.held).map(({ rule, points }) => ({ rule, points })),
    engagement: curve.map((term) => ({ rule: term.rule, event: term.event, count: term.count, points: pointsAt(term, now.getTime()) })),
  };
}
