import { z } from '@hono/zod-openapi';
import type { PoolView } from '../../db/pools-read.ts';
import { capacity, poolSettings } from '../../domain/routing/pool.ts';

const { when, hold, ramp, partner } = poolSettings.shape;
const out = z
  .object({
    why: z.enum(['away', 'full', 'full_today', 'hours', 'inactive']),
    from: z.iso.datetime().nullable().openapi({ description: 'From when on they may be given leads again; null: no clock says' }),
  })
  .nullable();

export const poolView = z
  .object({
    key: z.string(),
    name: z.string(),
    when,
    hold,
    ramp,
    partner,
    given: z.int().openapi({ description: 'Leads given since the members or their weights last changed' }),
    queued: z.int().openapi({ description: 'How many stand in its queue' }),
    held: z.int().openapi({ description: 'How many of them wait until somebody is in' }),
    members: z.array(
      z.object({
        rep: z.string(),
        weight: z.number(),
        capacity: capacity.nullable(),
        given: z.int(),
        owed: z.number().openapi({ description: 'How many leads they are behind their share; less than none: ahead' }),
        present: z.boolean().openapi({ description: 'Is given leads at this moment' }),
        out: out.openapi({ description: 'Why not, and until when' }),
      }),
    ),
  })
  .openapi('Pool');

/** What a pool looks like from outside. */
export function shownPool({ when: given, ...pool }: PoolView): z.infer<typeof poolView> {
  const members = pool.members.map((member) => ({
    ...member,
    out: member.out && { why: member.out.why, from: member.out.from?.toISOString() ?? null },
  }));
  return { ...pool, when: given ?? 'always', members };
}
