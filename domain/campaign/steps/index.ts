import { z } from 'zod';
import { meantIssues, plainFault } from '../../plain-faults.ts';
import { nearest } from '../../workspace/nearest.ts';
import type { Because, StepDocument, StepKind, StepList } from '../step.ts';
import { at } from './at.ts';
import { branch } from './branch.ts';
import { consent } from './consent.ts';
import { exit } from './exit.ts';
import { handoff } from './handoff.ts';
import { send } from './send.ts';
import { split } from './split.ts';
import { start } from './start.ts';
import { stop } from './stop.ts';
import { update } from './update.ts';
import { mail } from './mail.ts';
import { notify } from './notify.ts';
import { stepId } from './step-id.ts';
import { task } from './task.ts';
import { webhook } from './webhook.ts';
import { wait } from './wait.ts';
import { waitFor } from './wait-for.ts';

/** Every kind of step there is. Adding one touches its own file and this list. */
export const stepKinds = [
  at,
  branch,
  consent,
  exit,
  handoff,
  mail,
  notify,
  send,
  split,
  start,
  stop,
  task,
  update,
  wait,
  waitFor,
  webhook,
] as unknown as StepKind<StepDocument>[];
/** Their keys, by which a document names them. */
export const kindNames = stepKinds.map(({ kind }) => kind);

/** The kind a step of a document is of, or undefined. */
export function kindOf(step: object): StepKind<StepDocument> | undefined {
  return stepKinds.find(({ kind }) => kind in step);
}

/** How a rule that a step kind wrote in the journal is told, or undefined. */
export function whyOf(rule: string): ((because: Because) => string) | undefined {
  return why.get(rule);
}

const why = new Map(stepKinds.flatMap((kind) => Object.entries(kind.why ?? {})));

/** A list of steps, at the top or in an arm. Each is parsed by its own kind, so a fault is named by that kind alone. */
export const steps: StepList = z.array(z.unknown().transform((given, ctx) => parseStep(given, ctx)));

const schemas = new Map(stepKinds.map((kind) => [kind, kind.schema(steps)]));

function parseStep(given: unknown, ctx: z.RefinementCtx): StepDocument {
  const fault = (message: string, path: PropertyKey[] = [], mend?: string): StepDocument => {
    ctx.addIssue({ code: 'custom', message, path, ...(mend !== undefined && { params: { mend } }) });
    return { id: '' };
  };
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return fault('a step is an object, such as { id: hello, send: welcome }');
  const kind = kindOf(given);
  if (!kind) return fault(`this step has none of the keys that say what it does: ${kindNames.join(', ')}`, [], meantKind(given));
  const parsed = schemas.get(kind)!.safeParse(given, { error: plainFault });
  if (parsed.success) return parsed.data;
  for (const issue of parsed.error.issues.flatMap(meantIssues)) fault(...stepFault(issue, given, kind));
  return { id: '' };
}

const meantKind = (given: object): string | undefined => {
  for (const key of Object.keys(given)) {
    const meant = key === 'id' ? null : nearest(key, kindNames);
    if (meant !== null) return `did you mean '${meant}'?`;
  }
  return undefined;
};

/** A fault of a step: what is wrong, where, and what to do where more can be said than that it is on the page. */
function stepFault(issue: z.core.$ZodIssue, given: object, { kind }: StepKind<StepDocument>): [string, PropertyKey[], string?] {
  const { code, message, path, params } = issue as z.core.$ZodIssueCustom;
  if (path.length === 1 && path[0] === 'id' && !('id' in given))
    return ['this step has no id', path, `give it one that is unique in the campaign and never change it: id: ${proposedId(given, kind)}`];
  if (issue.code === 'unrecognized_keys') {
    const other = path.length === 0 ? issue.keys.find((key) => kindNames.includes(key)) : undefined;
    if (other !== undefined) return [`this step says two things: ${kind} and ${other}`, path, 'make two steps of it'];
    return [message, path, 'check the spelling, or leave it out'];
  }
  return [message, path, code === 'custom' ? (params?.['mend'] as string | undefined) : undefined];
}

/** A name for a step without one: of the mail, task or campaign it names, else its kind. */
function proposedId(given: object, kind: string): string {
  const said = (given as StepDocument)[kind];
  const named = typeof said === 'string' ? said : (said as { template?: unknown } | null)?.template;
  return typeof named === 'string' && /^[a-z]/i.test(named) && stepId.safeParse(named).success ? named : kind;
}
