import { z } from '@hono/zod-openapi';
import type { RunRow } from '../../db/runs-read.ts';
import { campaignSchema } from '../campaigns/schema.ts';

export const sequenceKey = z.object({ key: z.string().min(1).max(63).openapi({ example: 'first-contact' }) });
export const runId = z.object({ id: z.uuid() });

export const sequenceSchema = campaignSchema
  .extend({ liveVersion: z.int().nullable().openapi({ description: 'The version that new runs take' }) })
  .openapi('Sequence');

export const changedSequence = (description: string) => ({ description, content: { 'application/json': { schema: sequenceSchema } } });

export const runStates = ['active', 'completed', 'goal', 'exited'] as const;

export const runSchema = z
  .object({
    id: z.uuid(),
    sequence: z.string(),
    version: z.int(),
    lead: z.object({ id: z.uuid(), name: z.string().nullable(), email: z.string().nullable() }),
    rep: z.object({ key: z.string(), name: z.string() }),
    state: z.enum(runStates),
    stepId: z.string(),
    paused: z.boolean(),
    startedAt: z.iso.datetime(),
    arrivedAt: z.iso.datetime().openapi({ description: 'When the step was reached' }),
    dueAt: z.iso.datetime().nullable().openapi({ description: 'The next look, while active' }),
    waiting: z.string().nullable().openapi({ description: 'What it waits for besides time' }),
    endedAt: z.iso.datetime().nullable(),
    endReason: z
      .string()
      .nullable()
      .openapi({ description: 'What ended it: reply, meeting, unsubscribe, bounce, opportunity_closed, colleague_reply, stopped …' }),
    error: z.string().nullable().openapi({ description: 'Why the last look failed; it is tried again' }),
    test: z.boolean(),
  })
  .openapi('SequenceRun');

/** A run as the api shows it. */
export function shownRun({ startedAt, arrivedAt, dueAt, endedAt, ...run }: RunRow): z.infer<typeof runSchema> {
  return {
    ...run,
    startedAt: startedAt.toISOString(),
    arrivedAt: arrivedAt.toISOString(),
    dueAt: run.state === 'active' ? dueAt!.toISOString() : null,
    endedAt: endedAt?.toISOString() ?? null,
  };
}
