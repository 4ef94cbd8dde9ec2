import { z } from '@hono/zod-openapi';
import type { TaskView } from '../../db/tasks-read.ts';

const instant = z.iso.datetime();

export const taskStates = ['open', 'done', 'cancelled'] as const;

export const taskSchema = z
  .object({
    id: z.uuid(),
    title: z.string(),
    state: z.enum(taskStates),
    owner: z.object({ key: z.string(), name: z.string() }),
    lead: z.object({
      id: z.uuid(),
      name: z.string().nullable(),
      email: z.string().nullable(),
      phone: z.string().nullable(),
      company: z.string().nullable(),
    }),
    account: z.object({ id: z.uuid(), name: z.string().nullable(), domain: z.string().nullable() }).nullable(),
    campaign: z.string().nullable().openapi({ description: 'Key of the campaign that asks for it' }),
    step: z.string().nullable(),
    outcomes: z.array(z.string()).openapi({ description: 'What may be answered' }),
    outcome: z.string().nullable(),
    note: z.string().nullable(),
    dueAt: instant,
    overdue: z.boolean(),
    createdAt: instant,
    closedAt: instant.nullable(),
    test: z.boolean(),
  })
  .openapi('Task');

/** What a task looks like from outside. */
export function shownTask(view: TaskView): z.infer<typeof taskSchema> {
  return {
    ...view,
    dueAt: view.dueAt.toISOString(),
    createdAt: view.createdAt.toISOString(),
    closedAt: view.closedAt?.toISOString() ?? null,
  };
}

export const taskId = z.object({ id: z.uuid() });
export const taskNote = z.string().trim().max(2_000).optional().openapi({ description: 'What there is to add' });
