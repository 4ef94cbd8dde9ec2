import { z } from '@hono/zod-openapi';
import type { LoadedRep } from '../../db/rep-load.ts';
import { hours } from '../../domain/calendar/hours.ts';
import { zone } from '../../domain/calendar/zoned.ts';
import { capacity, repTraits } from '../../domain/routing/pool.ts';

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
    ...repTraits,
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
    skills: z.array(z.string()),
    languages: z.array(z.string()),
    standIn: z.string().nullable().openapi({ description: 'Who gets what is theirs by name while they are away' }),
    capacity: capacity.nullable(),
    partner: z.string().nullable().openapi({ description: 'The firm they belong to, where it is not ours' }),
    present: z.boolean().openapi({ description: 'Is active and not away' }),
    open: z.int().openapi({ description: 'How many open opportunities they have' }),
    today: z.int().openapi({ description: 'How many leads they were given today, by their own clock' }),
  })
  .openapi('Rep');

/** What a rep looks like from outside. */
export function shownRep({ id: _, standInId: __, absentFrom, absentTo, ...rep }: LoadedRep): z.infer<typeof repView> {
  return { ...rep, absentFrom: absentFrom?.toISOString() ?? null, absentTo: absentTo?.toISOString() ?? null };
}
