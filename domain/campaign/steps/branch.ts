import { z } from 'zod';
import { condition, type ConditionDocument } from '../../conditions/condition.ts';
import { evaluate, type Evidence } from '../../conditions/evaluate.ts';
import { defineStep, NEXT, type StepDocument, type StepList } from '../step.ts';
import { stepId } from './step-id.ts';

const arm = (steps: StepList) =>
  z.union([
    z.strictObject({ when: condition.describe('the arm is taken when it holds'), steps }),
    z.strictObject({ otherwise: steps.describe('the arm for everybody else, last') }),
    z.strictObject({ otherwise: z.null(), steps }),
  ]);
type Arm = z.infer<ReturnType<typeof arm>>;

const conditionOf = (one: Arm): ConditionDocument | null => ('when' in one ? one.when : null);
const stepsOf = (one: Arm): StepDocument[] => ('steps' in one ? one.steps : one.otherwise);

/**
 * `{ id: b, branch: [{ when: …, steps: […] }, { otherwise: […] }] }`: into the first arm whose condition holds, or on to
 * the next step when none does and there is no `otherwise`.
 */
export const branch = defineStep({
  kind: 'branch',
  schema: (steps) => z.strictObject({ id: stepId, branch: z.array(arm(steps)).min(1) }),
  arms: (step) => Object.fromEntries(step.branch.map((one, i) => [String(i), stepsOf(one)])),
  conditions: (step) => Object.fromEntries(step.branch.flatMap((one, i) => (conditionOf(one) ? [[String(i), conditionOf(one)!]] : []))),
  lint(step) {
    const otherwise = step.branch.findIndex((one) => conditionOf(one) === null);
    if (otherwise === -1 || otherwise === step.branch.length - 1) return [];
    return [{ reason: `the arms after 'otherwise' can never be reached`, mend: `put 'otherwise' last` }];
  },
  decide({ step, facts, conditions }) {
    const evidence: Evidence[] = [];
    for (const [i, one] of step.branch.entries()) {
      const name = String(i);
      if (conditionOf(one) === null) return { go: name, because: { rule: 'branch', arm: 'otherwise', evidence } };
      const found = evaluate(conditions[name]!, facts);
      evidence.push(...found.evidence);
      if (found.held) return { go: name, because: { rule: 'branch', arm: i + 1, evidence } };
    }
    return { go: NEXT, because: { rule: 'branch', arm: 'none', evidence } };
  },
  about:
    'Goes into the first arm whose condition holds, and on to the next step when none does and there is no `otherwise`. It chooses at the moment the step is reached, and once.',
  example: `- { id: hello, send: welcome }
- { id: w1, wait: 2d }
- id: engaged
  branch:
    - when: { clicked: hello }
      steps: [{ id: study, send: case-study }]
    - otherwise: [{ id: out, exit: not interested }]`,
  words: (step) => `choose one of ${step.branch.length}`,
});
