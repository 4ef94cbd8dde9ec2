import { plainCalendar } from '../../domain/calendar/calendar.ts';
import { decide, type Decision } from '../../domain/campaign/decide.ts';
import { campaign } from '../../domain/campaign/document.ts';
import { compile, type Plan } from '../../domain/campaign/plan.ts';
import type { CampaignFacts, EnrolmentView } from '../../domain/campaign/step.ts';
import { type Leaf, leafKey, leavesOf } from '../../domain/conditions/condition.ts';

/** A plan of these steps; `more` are the campaign's other keys. */
export function planOf(steps: object[], more: object = {}): Plan {
  return compile(campaign.parse({ key: 'k', name: 'K', class: 'transactional', entry: { event: 'in' }, steps, ...more }), {
    segment: () => undefined,
  });
}

/** What is known of a lead in Berlin of whom little is known. */
export const facts = (more: Partial<CampaignFacts> = {}): CampaignFacts => ({
  lead: {},
  account: null,
  stage: 'lead',
  tags: [],
  fit: 'B',
  engagement: 10,
  level: 'cold',
  consents: {},
  campaigns: {},
  counted: new Map(),
  zone: 'Europe/Berlin',
  calendar: plainCalendar,
  hasEmail: true,
  withSales: false,
  send: null,
  opportunity: null,
  skipBefore: null,
  ...more,
});

/** Somebody who has come to the first step at this instant. */
export function arrived(plan: Plan, at: string, more: Partial<EnrolmentView> = {}): EnrolmentView {
  const arrivedAt = new Date(at);
  const position = { stepId: plan.first!, arrivedAt, enteredAt: arrivedAt, waiting: null, goalAt: null };
  return { id: 'e', leadId: 'l', seq: 0, entry: {}, test: false, ...position, ...more };
}

/** One look, and where the enrolment stands after it. */
export function look(
  plan: Plan,
  enrolment: EnrolmentView,
  known: Partial<CampaignFacts>,
  now: string,
): { decision: Decision; enrolment: EnrolmentView; last: Record<string, unknown> } {
  const decision = decide(plan, enrolment, facts(known), new Date(now));
  return { decision, enrolment: { ...enrolment, ...decision.position }, last: decision.journal.at(-1)?.because ?? {} };
}

/** Facts in which this event was seen at these instants, for every leaf of the plan that counts it. */
export function saw(plan: Plan, event: string, ...at: string[]): Pick<CampaignFacts, 'counted'> {
  const leaves = [...plan.nodes.values()].flatMap(({ conditions }) => Object.values(conditions).flatMap(leavesOf));
  const counting = leaves.filter((leaf): leaf is Leaf & { kind: 'event' } => leaf.kind === 'event' && leaf.event === event);
  const times = at.map((one) => new Date(one));
  const seen = { count: times.length, firstAt: times[0] ?? null, lastAt: times.at(-1) ?? null };
  return { counted: new Map(counting.map((leaf) => [leafKey(leaf), seen])) };
}
