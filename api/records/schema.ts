import { z } from '@hono/zod-openapi';
import { externalId, recordKinds } from '../../domain/records/record.ts';

export const recordKind = z.enum(recordKinds);

export const recordParam = z.object({ kind: recordKind, externalId });

export const recordView = z
  .object({
    id: z.uuid(),
    kind: recordKind,
    externalId: z.string(),
    account: z.object({ id: z.uuid(), name: z.string().nullable(), domain: z.string().nullable() }).nullable(),
    lead: z.object({ id: z.uuid(), email: z.string().nullable() }).nullable(),
    products: z.array(z.string()),
    amount: z.number().nullable(),
    currency: z.string().nullable(),
    status: z.string(),
    dates: z.record(z.string(), z.string()),
    attributes: z.record(z.string(), z.unknown()),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('Record');
