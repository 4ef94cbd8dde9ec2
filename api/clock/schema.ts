import { z } from '@hono/zod-openapi';
import type { Clock } from '../../db/clock.ts';
import { rateWords } from '../../domain/clock/rate.ts';

export const clockSchema = z
  .object({
    now: z.iso.datetime().openapi({ description: 'Workspace time' }),
    real: z.iso.datetime(),
    rate: z.number().openapi({ description: 'Workspace seconds per real second: 1 is real time, 0 stands still', example: 8640 }),
    frozen: z.boolean(),
    words: z.string().openapi({ example: 'one day passes every ten seconds' }),
    nextDue: z.iso.datetime().nullable().openapi({ description: 'The next instant at which something falls due; null when nothing will' }),
  })
  .openapi('Clock');

/** The clock as the api shows it. */
export function shownClock({ now, real, rate }: Clock, nextDue: Date | null): z.infer<typeof clockSchema> {
  return {
    now: now.toISOString(),
    real: real.toISOString(),
    rate,
    frozen: rate === 0,
    words: rateWords(rate),
    nextDue: nextDue?.toISOString() ?? null,
  };
}
