import { z } from 'zod';
import { hours } from '../calendar/hours.ts';
import { zone } from '../calendar/zoned.ts';
import { poolBody, repTraits } from '../routing/pool.ts';

const key = z.string().regex(/^[a-z0-9][a-z0-9_.-]{0,99}$/, 'is not a key such as ana or inside');
const once = (of: string) => ({ error: `names a ${of} twice` });
const distinct = (keys: readonly string[]): boolean => new Set(keys).size === keys.length;

/** The document `reps`: who receives leads, and who manages them. Those it does not name stay as they are. */
export const repsSchema = z
  .array(
    z.strictObject({
      key,
      name: z.string().min(1).max(200),
      email: z.email(),
      title: z.string().max(200).nullable().default(null),
      timezone: zone.default('UTC'),
      hours: hours.nullable().default(null),
      manager: z.boolean().default(false),
      active: z.boolean().default(true),
      ...repTraits,
    }),
  )
  .refine((reps) => distinct(reps.map((rep) => rep.key)), once('rep'));

/** The document `pools`: who shares which leads, by weight, and how they are given out. */
export const poolsSchema = z
  .array(z.strictObject({ key, ...poolBody.shape }))
  .refine((pools) => distinct(pools.map((pool) => pool.key)), once('pool'));
