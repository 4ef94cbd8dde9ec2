import { engagementAt, pointsAt, weightAt } from './engagement.ts';
import { COLD, type Level, nextLevel } from './levels.ts';
import { missingFrom } from './missing.ts';
import type { ScoringModel } from './model.ts';
import { factsWith, type Score, type Scorable } from './score.ts';
import type { QualificationModel } from './standard.ts';
import { inPoints, instantWords, pointWords, seenWords } from './words.ts';

const DAY = 86_400_000;

export type ScoreExplained = ReturnType<typeof explain>;

/** Every point of a score at `now`, as data and in words: each fit rule, each engagement rule, the level, the standard, what comes next. */
export function explain(model: ScoringModel, standard: QualificationModel | null, lead: Scorable, made: Score, now: Date) {
  return {
    fit: fitExplained(model, made),
    engagement: engagementExplained(model, made, now),
    standard: standard && standardExplained(standard, lead, made, now),
  };
}

function fitExplained({ fit: { grades } }: ScoringModel, { fit, fitPoints, fitFindings }: Score) {
  const next = (
    [
      ['C', grades.C],
      ['B', grades.B],
      ['A', grades.A],
    ] as const
  ).find(([, from]) => fitPoints < from);
  return {
    grade: fit,
    points: fitPoints,
    grades,
    words: `Fit ${fit}: ${inPoints(fitPoints)}${next ? `; ${next[0]} from ${next[1]}` : ''}.`,
    rules: fitFindings.map(({ rule, held, points, evidence }) => ({
      rule,
      held,
      points,
      given: held ? points : 0,
      seen: evidence.map(({ leaf, value, held: part }) => ({
        held: part,
        value: value ?? null,
        words: seenWords({ leaf, value, held: part }),
      })),
      words: `${rule}: ${held ? `${inPoints(points)}, because` : `nothing of ${pointWords(points)}:`} ${evidence
        .filter((part) => part.held === held)
        .map(seenWords)
        .join('; ')}.`,
    })),
  };
}

function engagementExplained(model: ScoringModel, made: Score, now: Date) {
  const { levels } = model.engagement;
  return {
    points: made.engagement,
    level: made.level,
    levels,
    words: `Engagement ${pointWords(made.engagement)}: ${made.level}. ${nextWords(levels, made)}`,
    nextCrossing: crossing(levels, made),
    rules: model.engagement.rules.map((rule) => {
      const term = made.curve.find((one) => one.rule === rule.id);
      const faded = term ? term.sign * weightAt(term, now.getTime()) : 0;
      const given = term ? pointsAt(term, now.getTime()) : 0;
      const count = term?.count ?? 0;
      const capped = faded !== given;
      return {
        rule: rule.id,
        event: rule.event,
        pointsEach: rule.points,
        halfLifeDays: rule.halfLife / DAY,
        cap: Number.isFinite(rule.cap) ? rule.cap : null,
        count,
        lastAt: term ? new Date(term.since).toISOString() : null,
        /** What its deeds weighed when they happened, what is left of that, and what of that the cap lets through. */
        earned: count * rule.points,
        faded,
        capped,
        given,
        words:
          count === 0
            ? `${rule.id}: no ${rule.event} yet.`
            : `${rule.id}: ${count} × ${rule.event} at ${inPoints(rule.points)}, faded to ${pointWords(faded)}${capped ? `, held at ${pointWords(given)} by its cap` : ''}.`,
      };
    }),
  };
}

/** The next change that fading alone will bring, of the level or of a number that the standard compares with. */
function crossing(levels: readonly Level[], { crossesAt, curve, level }: Score) {
  if (crossesAt === null) return null;
  const engagement = engagementAt(curve, crossesAt.getTime());
  return { at: crossesAt.toISOString(), engagement, level: nextLevel(levels, level, engagement) };
}

function nextWords(levels: readonly Level[], made: Score): string {
  const next = crossing(levels, made);
  if (next === null)
    return made.level === COLD && made.engagement <= 0 ? 'It stays so until something happens.' : 'Fading alone changes no level any more.';
  const when = instantWords(new Date(next.at));
  return next.level === made.level
    ? `If nothing happens it passes ${pointWords(next.engagement)} on ${when}.`
    : `If nothing happens the level is ${next.level} from ${when}.`;
}

function standardExplained(standard: QualificationModel, { facts }: Scorable, made: Score, now: Date) {
  const missing = missingFrom(standard.mql, factsWith(facts, made, now)).map(seenWords);
  return {
    version: standard.version,
    met: made.qualified,
    pool: standard.pool,
    seen: made.evidence.map((part) => ({ held: part.held, value: part.value ?? null, words: seenWords(part) })),
    missing,
    words: made.qualified ? 'The qualification standard is met.' : `The qualification standard is not met; missing: ${missing.join('; ')}.`,
  };
}
