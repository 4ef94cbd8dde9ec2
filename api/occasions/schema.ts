import { z } from '@hono/zod-openapi';
import type { Occasion } from '../../db/occasions.ts';
import { guestStates } from '../../domain/occasions/guest.ts';
import { occasionKey } from '../../domain/occasions/occasion.ts';

export const occasionParam = z.object({ key: occasionKey });

const counts = z.object({ invited: z.int(), registered: z.int(), attended: z.int(), no_show: z.int() });

export const occasionView = z
  .object({
    key: z.string(),
    name: z.string(),
    kind: z.string(),
    startsAt: z.iso.datetime(),
    endsAt: z.iso.datetime(),
    timezone: z.string(),
    place: z.string().nullable(),
    attributes: z.record(z.string(), z.unknown()),
    guests: counts.openapi({ description: 'How many guests are in each state' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('Occasion');

/** An occasion as the api shows it. */
export function shownOccasion({ id: _, startsAt, endsAt, createdAt, updatedAt, ...rest }: Occasion): z.infer<typeof occasionView> {
  return {
    ...rest,
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

export const guestState = z.enum(guestStates);
export const changedCounts = counts.openapi({ description: 'How many reached a new state, by that state; the others had it already' });
