import type { Plan } from './plan.ts';

/** What becomes of those who stand on one step when they are moved to another version. */
export interface Move {
  stepId: string;
  count: number;
  /** The step they go on from; null: they leave, or (`lost`) nobody has said. */
  to: string | null;
  how: 'same' | 'mapped' | 'leaves' | 'lost';
  /** They stand on the same step, of the same kind: what they wait for is still waited for. */
  keepsWaiting: boolean;
}

/**
 * Where people of one version go on in another: on the step of the same id, else where `map` says (null: they leave). `map` comes first, so
 * that a step may be left for another though both are there. A step that is nowhere is `lost`, and nobody may be moved before it is mapped.
 */
export function planMove(
  from: Plan,
  to: Plan,
  standing: readonly { stepId: string; count: number }[],
  map: Readonly<Record<string, string | null>>,
): Move[] {
  return standing.map(({ stepId, count }): Move => {
    const mapped = Object.hasOwn(map, stepId) ? map[stepId]! : undefined;
    if (Object.hasOwn(map, stepId) && mapped === null) return { stepId, count, to: null, how: 'leaves', keepsWaiting: false };
    const target = mapped ?? stepId;
    const node = to.nodes.get(target);
    if (!node) return { stepId, count, to: null, how: 'lost', keepsWaiting: false };
    const keepsWaiting = target === stepId && from.nodes.get(stepId)?.kind.kind === node.kind.kind;
    return { stepId, count, to: target, how: target === stepId ? 'same' : 'mapped', keepsWaiting };
  });
}
