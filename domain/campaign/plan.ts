import {
  type Condition,
  type ConditionDocument,
  type ConditionScope,
  type Leaf,
  leafKey,
  leavesOf,
  looksAtAccount,
  parseCondition,
  parseSegment,
} from '../conditions/condition.ts';
import { parseWhere } from '../conditions/test.ts';
import { type StopLeaf, stopLeaves } from '../sequences/rules.ts';
import type { Campaign } from './document.ts';
import { entryCondition } from './entries/index.ts';
import { placesOf } from './places.ts';
import { type FactNeed, NEXT, type StepDocument, type StepKind } from './step.ts';
import { kindOf } from './steps/index.ts';

/** One step of a compiled campaign: where each way out of it leads; null is the end. */
export interface PlanNode {
  id: string;
  step: StepDocument;
  kind: StepKind<StepDocument>;
  ways: Record<string, string | null>;
  conditions: Record<string, Condition>;
  /** Where it stands in the document: `steps.2.branch.0.steps.1`. */
  path: string;
}

/** A version of a campaign, ready to decide by. */
export interface Plan {
  campaign: Campaign;
  first: string | null;
  nodes: ReadonlyMap<string, PlanNode>;
  /** Conditions of the entries, by position; null where an entry has none. */
  entryIf: (Condition | null)[];
  exitWhen: Condition | null;
  goal: { leaf: Leaf; first: string | null } | null;
  exclude: { segment: string; condition: Condition }[];
  /** What ends a run of a sequence; of a campaign nothing does. */
  stops: StopLeaf[];
  /** What `exitWhen`, `goal`, `exclude` and those look at: needed at every look and before every mail. */
  guardLeaves: Leaf[];
}

/** Compiles a document whose steps have unique ids. Throws where a condition names a segment that is not there. */
export function compile(campaign: Campaign, scope: ConditionScope): Plan {
  const nodes = new Map<string, PlanNode>();
  const chain = (list: StepDocument[], after: string | null, path: string): string | null => {
    for (const [i, step] of list.entries()) {
      const kind = kindOf(step)!;
      const following = list[i + 1]?.id ?? after;
      const ways: PlanNode['ways'] = { [NEXT]: following };
      const places = placesOf(step);
      for (const [arm, below] of Object.entries(kind.arms?.(step) ?? {}))
        ways[arm] = chain(below, following, `${path}.${i}.${places.arm(arm)}`);
      nodes.set(step.id, { id: step.id, step, kind, ways, conditions: compileConditions(kind, step, scope), path: `${path}.${i}` });
    }
    return list[0]?.id ?? after;
  };
  const goalFirst = campaign.goal ? chain(campaign.goal.then, null, 'goal.then') : null;
  const first = chain(campaign.steps, null, 'steps');
  const exitWhen = campaign.exitWhen ? parseCondition(campaign.exitWhen, scope) : null;
  const goal = campaign.goal ? { leaf: goalLeaf(campaign.goal), first: goalFirst } : null;
  const exclude = campaign.exclude.map((segment) => ({ segment, condition: parseCondition({ segment }, scope) }));
  const stops = campaign.sequence ? stopLeaves(campaign.sequence) : [];
  return {
    campaign,
    first,
    nodes,
    entryIf: campaign.entry.map(entryCondition).map((wanted) => (wanted ? parseSegment(wanted, scope) : null)),
    exitWhen,
    goal,
    exclude,
    stops,
    guardLeaves: [
      ...(exitWhen ? leavesOf(exitWhen) : []),
      ...(goal ? [goal.leaf] : []),
      ...exclude.flatMap(({ condition }) => leavesOf(condition)),
      ...stops.map(({ leaf }) => leaf),
    ],
  };
}

const goalLeaf = ({ event, where, by }: NonNullable<Campaign['goal']>): Leaf => ({
  kind: 'event',
  event,
  where: parseWhere(where),
  count: { gte: 1 },
  since: 'entry',
  ...(by === 'account' && { by }),
});

function compileConditions(kind: StepKind<StepDocument>, step: StepDocument, scope: ConditionScope): Record<string, Condition> {
  const named = Object.entries(kind.conditions?.(step) ?? {});
  return Object.fromEntries(named.map(([name, given]) => [name, isLeaf(given) ? { leaf: given } : parseCondition(given, scope)]));
}

const isLeaf = (given: ConditionDocument | Leaf): given is Leaf => typeof given['kind'] === 'string';

const horizons = new WeakMap<Plan, Map<string, ReadonlySet<string>>>();

/** The steps one look from `stepId` can reach: as far as the next one at which everybody stops, such as a send. */
export function horizonOf(plan: Plan, stepId: string): ReadonlySet<string> {
  const known = horizons.get(plan) ?? new Map<string, ReadonlySet<string>>();
  horizons.set(plan, known);
  const found = known.get(stepId);
  if (found) return found;
  const reached = new Set<string>();
  const visit = (id: string | null): void => {
    const node = id === null ? undefined : plan.nodes.get(id);
    if (!node || reached.has(node.id)) return;
    reached.add(node.id);
    if (node.id === stepId || !node.kind.stops) Object.values(node.ways).forEach(visit);
  };
  visit(stepId);
  if (plan.goal) visit(plan.goal.first);
  known.set(stepId, reached);
  return reached;
}

/** Every leaf that a look from one of these steps may need, each once. */
export function leavesFor(plan: Plan, stepIds: Iterable<string>): Leaf[] {
  const leaves = new Map(plan.guardLeaves.map((leaf) => [leafKey(leaf), leaf]));
  for (const stepId of new Set(stepIds)) {
    for (const id of horizonOf(plan, stepId)) {
      for (const condition of Object.values(plan.nodes.get(id)!.conditions))
        for (const leaf of leavesOf(condition)) leaves.set(leafKey(leaf), leaf);
    }
  }
  return [...leaves.values()];
}

/** Whether somebody under way may be moved by what a colleague is or does. */
export function watchesAccount(plan: Plan): boolean {
  const ofSteps = [...plan.nodes.values()].flatMap(({ conditions }) => Object.values(conditions).flatMap(leavesOf));
  return [...plan.guardLeaves, ...ofSteps].some(looksAtAccount);
}

/** The facts of their own that the steps within reach of these look at, each once. */
export function needsFor(plan: Plan, stepIds: Iterable<string>): FactNeed[] {
  const reached = [...new Set(stepIds)].flatMap((stepId) => [...horizonOf(plan, stepId)].map((id) => plan.nodes.get(id)!));
  const ofSteps = new Set(reached.flatMap(({ kind, step }) => kind.needs?.(step) ?? []));
  return plan.campaign.sequence ? [...ofSteps.add('away')] : [...ofSteps];
}
