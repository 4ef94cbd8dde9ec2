import { type Curve, engagementAt, total, weightAt } from './engagement.ts';
import type { Band } from './levels.ts';

/**
 * The first millisecond after `now` at which engagement, were nothing else to happen, is outside the band: at that
 * instant it is, one millisecond before it is not. Null when it never will be. Engagement may fall (deeds fade) or rise
 * (what spoke against the lead fades sooner). `now` and the answer are milliseconds; edges of a band are never 0.
 */
export function nextCrossing(curve: Curve, band: Band, now: number): number | null {
  if (isOutside(engagementAt(curve, now), band)) return now;
  if (!mayCross(curve, band, now)) return null;
  const direct = closedForm(curve, band, now);
  if (direct === null) return null;
  if (direct === undefined) return firstOutside(curve, band, now, settledBy(curve, band, now));
  return settleOn(Math.max(now + 1, Math.ceil(direct)), now, (at) => isOutside(engagementAt(curve, at), band));
}

const isOutside = (engagement: number, { floor, ceiling }: Band): boolean => engagement < floor || engagement >= ceiling;

/** Whether what is left, all of it against or all of it for, could still leave the band. */
const mayCross = (curve: Curve, { floor, ceiling }: Band, at: number): boolean =>
  -total(curve, at, -1) < floor || total(curve, at, 1) >= ceiling;

/** An instant by which engagement is outside the band or can never leave it any more. It tends to 0, which is no edge. */
function settledBy(curve: Curve, band: Band, now: number): number {
  let span = Math.max(...curve.map((term) => term.halfLife));
  while (mayCross(curve, band, now + span) && !isOutside(engagementAt(curve, now + span), band)) span *= 2;
  return now + span;
}

/**
 * Where every term fades at one rate and no cap holds, engagement is one exponential: the instant at which it meets the
 * edge, or null when it never does. Undefined when the curve is not of that kind.
 */
function closedForm(curve: Curve, { floor, ceiling }: Band, now: number): number | null | undefined {
  const halfLife = curve[0]!.halfLife;
  if (!curve.every((term) => term.halfLife === halfLife && weightAt(term, now) <= term.cap)) return undefined;
  const engagement = engagementAt(curve, now);
  const edge = engagement > 0 ? floor : ceiling;
  return engagement * edge > 0 ? now + halfLife * Math.log2(engagement / edge) : null;
}

/** Corrects a computed instant by the millisecond or two that rounding may have moved it. */
function settleOn(near: number, after: number, outside: (at: number) => boolean): number {
  let at = near;
  while (at > after + 1 && outside(at - 1)) at--;
  while (!outside(at)) at++;
  return at;
}

/** The ends of a stretch of time, with all that then speaks for the lead and against it. */
interface Edge {
  at: number;
  plus: number;
  minus: number;
}

/**
 * The first millisecond in (after, last] outside the band. What speaks for a lead and what speaks against it both only
 * fall, so within a stretch engagement stays between (for at its end − against at its start) and the reverse: a stretch
 * that cannot leave the band is passed over whole, any other is halved. No crossing is ever jumped.
 */
function firstOutside(curve: Curve, band: Band, after: number, last: number): number | null {
  const edge = (at: number): Edge => ({ at, plus: total(curve, at, 1), minus: total(curve, at, -1) });
  const search = (from: Edge, to: Edge): number | null => {
    if (to.plus - from.minus >= band.floor && from.plus - to.minus < band.ceiling) return null;
    if (to.at - from.at <= 1) return isOutside(to.plus - to.minus, band) ? to.at : null;
    const middle = edge(from.at + Math.floor((to.at - from.at) / 2));
    return search(from, middle) ?? search(middle, to);
  };
  return search(edge(after), edge(Math.ceil(last)));
}
