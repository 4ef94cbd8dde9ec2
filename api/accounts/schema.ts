import { z } from '@hono/zod-openapi';
import type { AccountView } from '../../db/accounts-read.ts';

export const accountSchema = z
  .object({
    id: z.uuid(),
    name: z.string().nullable(),
    domain: z.string().nullable(),
    country: z.string().nullable(),
    attributes: z.record(z.string(), z.unknown()),
    owner: z.object({ id: z.uuid(), key: z.string(), name: z.string() }).nullable(),
    leads: z.int().openapi({ description: 'How many people of it are known, test leads apart' }),
    openOpportunities: z.int(),
    createdAt: z.iso.datetime(),
  })
  .openapi('Account');

/** An account as the api shows it. */
export function shownAccount<T extends AccountView>({ createdAt, ...account }: T) {
  return { ...account, createdAt: createdAt.toISOString() };
}
