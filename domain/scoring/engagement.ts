/** Something a lead did that a rule gives points for. `at` is milliseconds since the epoch, workspace time. */
export interface Deed {
  name: string;
  at: number;
  properties: Record<string, unknown>;
}

/** What one rule sees of a lead's deeds: how many, and what all of them weighed at the last of them. */
export interface Term {
  rule: string;
  event: string;
  /** 1 for what speaks for the lead, -1 for what speaks against. */
  sign: 1 | -1;
  /** The most it may weigh, in points without sign. */
  cap: number;
  /** Milliseconds in which it loses half its weight. */
  halfLife: number;
  count: number;
  /** Instant of the last deed, milliseconds; `weight` is the sum of all of them at that instant, in points without sign. */
  since: number;
  weight: number;
}

/** Engagement from here on, were nothing else to happen: all of a lead's deeds, one term a rule. */
export type Curve = readonly Term[];

export interface EngagementRule {
  id: string;
  event: string;
  /** Points of one deed; negative where it speaks against the lead. Never 0. */
  points: number;
  /** Milliseconds. */
  halfLife: number;
  cap: number;
  /** Whether it asks for certain properties at all. */
  particular: boolean;
  /** Whether a deed with these properties counts, at the instant it was done: that is what `now` means for it. */
  matches(properties: Record<string, unknown>, at: Date): boolean;
}

/**
 * The curve of these deeds, the same whatever order they come in. A deed dated after `now` (another transaction's clock
 * may be some milliseconds ahead of ours) counts as of now.
 */
export function curveOf(rules: readonly EngagementRule[], deeds: readonly Deed[], now: number): Curve {
  return rules.flatMap((rule) => {
    const instants = deeds
      .filter((deed) => deed.name === rule.event && rule.matches(deed.properties, new Date(deed.at)))
      .map((deed) => Math.min(deed.at, now));
    if (instants.length === 0) return [];
    instants.sort((a, b) => a - b);
    const since = instants.at(-1)!;
    const weight = Math.abs(rule.points) * instants.reduce((sum, at) => sum + 2 ** ((at - since) / rule.halfLife), 0);
    const sign = rule.points < 0 ? -1 : 1;
    return [{ rule: rule.id, event: rule.event, sign, cap: rule.cap, halfLife: rule.halfLife, count: instants.length, since, weight }];
  });
}

/** What a term weighs at an instant before its cap, in points without sign. */
export const weightAt = (term: Term, at: number): number => term.weight * 2 ** ((term.since - at) / term.halfLife);

/** What a term gives or takes at an instant, in points with sign. */
export const pointsAt = (term: Term, at: number): number => term.sign * Math.min(term.cap, weightAt(term, at));

/** Engagement at an instant not before the last deed. */
export function engagementAt(curve: Curve, at: number): number {
  return total(curve, at, 1) - total(curve, at, -1);
}

/** All that speaks for the lead (1) or against (-1), without sign. Only ever falls as time goes by. */
export function total(curve: Curve, at: number, sign: 1 | -1): number {
  let sum = 0;
  for (const term of curve) if (term.sign === sign) sum += Math.min(term.cap, weightAt(term, at));
  return sum;
}
