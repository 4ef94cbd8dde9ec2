import { z } from 'zod';
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
import { notify } from './notify.ts';
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
  const fault = (message: string, path: PropertyKey[] = []): StepDocument => {
    ctx.addIssue({ code: 'custom', message, path });
    return { id: '' };
  };
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return fault('a step is an object, such as { id: hello, send: welcome }');
  const kind = kindOf(given);
  if (!kind) return fault(`this step has none of the keys that say what it does: ${kindNames.join(', ')}`);
  const parsed = schemas.get(kind)!.safeParse(given);
  if (parsed.success) return parsed.data;
  for (const { message, path } of parsed.error.issues.flatMap(plainly)) fault(message, path);
  return { id: '' };
}

/** Of the shapes a value may have, the one that was meant: the fault of a shape is its type only where it has none of them. */
function plainly(issue: z.core.$ZodIssue): { message: string; path: PropertyKey[] }[] {
  if (issue.code !== 'invalid_union') return [{ message: issue.message, path: issue.path }];
  const meant = issue.errors.find((shape) => shape.every((one) => one.code !== 'invalid_type' || one.path.length > 0));
  if (!meant) return [{ message: issue.message, path: issue.path }];
  return meant.flatMap(plainly).map(({ message, path }) => ({ message, path: [...issue.path, ...path] }));
}
