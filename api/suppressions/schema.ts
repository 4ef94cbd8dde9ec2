import { z } from '@hono/zod-openapi';
import type { Suppression } from '../../db/suppressions.ts';
import { normaliseEmail } from '../../domain/identity/email.ts';
import { TendrilError } from '../../domain/errors.ts';
import { suppressionKinds } from '../../domain/suppressions/file.ts';

export const suppressionSchema = z
  .object({
    id: z.uuid(),
    address: z.string(),
    kind: z.enum(suppressionKinds),
    scope: z.enum(['marketing', 'all']).openapi({ description: '`all` bars transactional mail too; mail to reps is never barred' }),
    source: z.string(),
    at: z.iso.datetime(),
  })
  .openapi('Suppression');

/** A suppression as JSON. */
export function shownSuppression(one: Suppression): z.infer<typeof suppressionSchema> {
  return { ...one, at: one.at.toISOString() };
}

/** The address as it is kept. Throws `invalid`. */
export function addressOf(given: string): string {
  const address = normaliseEmail(given);
  if (address) return address;
  throw new TendrilError('invalid', 'The address is not an email address', [{ path: 'address', reason: 'is not an email address' }]);
}
