import { z } from '@hono/zod-openapi';
import type { Rep } from '../../db/reps.ts';
import { hours } from '../../domain/calendar/hours.ts';
import { zone } from '../../domain/calendar/zoned.ts';

const key = z
  .string()
  .max(100)
  .regex(/^[a-z0-9][a-z0-9_.-]*$/, 'is not a key such as ana or ana-lopez');

/** A rep as a document says who they are. */
export const repSchema = z
  .strictObject({
    key,
    name: z.string().min(1).max(200),
    email: z.email(),
    title: z.string().max(200).nullable().optional(),
    timezone: zone.default('UTC').openapi({ description: 'IANA zone', example: 'Europe/Berlin' }),
    hours: hours.nullable().optional().openapi({ description: "Working hours; left out: the workspace's calendar" }),
    manager: z.boolean().default(false).openapi({ description: 'Is told when the SLA ladder reaches the manager' }),
    active: z.boolean().default(true),
  })
  .openapi('NewRep');

export const repView = z
  .object({
    key: z.string(),
    name: z.string(),
    email: z.string(),
    title: z.string().nullable(),
    timezone: z.string(),
    hours: hours.nullable(),
    manager: z.boolean(),
    active: z.boolean(),
    absentFrom: z.iso.datetime().nullable(),
    absentTo: z.iso.datetime().nullable(),
  })
  .openapi('Rep');

/** What a rep looks like from outside. */
export function shownRep({ id: _, absentFrom, absentTo, ...rep }: Rep): z.infer<typeof repView> {
  return { ...rep, absentFrom: absentFrom?.toISOString() ?? null, absentTo: absentTo?.toISOString() ?? null };
}
