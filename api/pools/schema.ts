import { z } from '@hono/zod-openapi';

export const poolView = z
  .object({
    key: z.string(),
    name: z.string(),
    given: z.int().openapi({ description: 'Leads given since the shares, or those present, last changed' }),
    queued: z.int().openapi({ description: 'How many stand in its queue' }),
    members: z.array(z.object({ rep: z.string(), weight: z.number(), given: z.int(), present: z.boolean() })),
  })
  .openapi('Pool');
