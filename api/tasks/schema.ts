import { z } from '@hono/zod-openapi';
import type { TaskView } from '../../db/tasks-read.ts';
import { duration } from '../../domain/calendar/duration.ts';
import { taskKinds, taskSources } from '../../domain/tasks/kinds.ts';

const instant = z.iso.datetime();

export const taskStates = ['open', 'done', 'cancelled'] as const;

export const taskSchema = z
  .object({
    id: z.uuid(),
    title: z.string(),
    kind: z.enum(taskKinds),
    source: z.enum(taskSources).openapi({ description: 'Who asks for it' }),
    details: z.string().nullable(),
    state: z.enum(taskStates),
    owner: z.object({ key: z.string(), name: z.string() }),
    lead: z
      .object({
        id: z.uuid(),
        name: z.string().nullable(),
        email: z.string().nullable(),
        phone: z.string().nullable(),
        company: z.string().nullable(),
      })
      .nullable()
      .openapi({ description: 'Null: it is about the company alone' }),
    account: z.object({ id: z.uuid(), name: z.string().nullable(), domain: z.string().nullable() }).nullable(),
    opportunity: z.uuid().nullable(),
    campaign: z.string().nullable().openapi({ description: 'Key of the campaign that asks for it' }),
    step: z.string().nullable(),
    outcomes: z.array(z.string()).openapi({ description: 'What may be answered' }),
    outcome: z.string().nullable(),
    note: z.string().nullable(),
    dueAt: instant,
    overdue: z.boolean(),
    remindBefore: z.string().nullable().openapi({ description: 'The owner is reminded so long before, too', example: '1h' }),
    snoozedUntil: instant.nullable().openapi({ description: 'It rests until then' }),
    createdBy: z.string().nullable().openapi({ description: 'Who made it by hand' }),
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
    snoozedUntil: view.snoozedUntil?.toISOString() ?? null,
    createdAt: view.createdAt.toISOString(),
    closedAt: view.closedAt?.toISOString() ?? null,
  };
}

export const taskId = z.object({ id: z.uuid() });
/** When something is to be: an instant, or a length of time from now. */
export const when = z.union([z.iso.datetime({ offset: true }), duration]).openapi({ type: 'string', example: '2bd' });
/** How long before: `1h`, `1bd`. */
export const remindBefore = duration.nullable().openapi({ type: 'string', example: '1h' });
export const taskNote = z.string().trim().max(2_000).optional().openapi({ description: 'What there is to add' });
