import { z } from '@hono/zod-openapi';
import { type ApiKey, scopes } from '../../db/api-keys.ts';

const origin = z
  .string()
  .max(300)
  .regex(
    /^https?:\/\/(\*\.)?[a-z0-9.-]+(:\d{1,5})?$/,
    'an origin such as https://www.example.com or https://*.example.com, in lower case and without a path',
  );

export const newKeySchema = z
  .strictObject({
    name: z.string().trim().min(1).max(200).openapi({ description: 'What it is for', example: 'website tracker' }),
    scopes: z.array(z.enum(scopes)).min(1).max(4).openapi({
      description:
        "admin may do everything; write may also read; own, alone, is for a salesperson's or a partner's own things under /v1/own",
    }),
    origins: z.array(origin).max(50).default([]).openapi({ description: "Browsers' origins that may use it. Empty: servers only" }),
    rep: z.string().max(100).optional().openapi({ description: 'With the scope own: key of the rep whose it is' }),
    partner: z.string().max(200).optional().openapi({ description: 'With the scope own: name of the partner firm whose it is' }),
  })
  .refine((key) => key.origins.length === 0 || key.scopes.every((scope) => scope === 'ingest'), {
    path: ['scopes'],
    message: 'a key that browsers use is public: it may have the scope ingest only',
  })
  .refine(
    ({ scopes: given, rep, partner }) => !given.includes('own') || (given.length === 1 && (rep === undefined) !== (partner === undefined)),
    {
      path: ['scopes'],
      message: 'own stands alone, and for one rep or one partner',
    },
  )
  .refine(({ scopes: given, rep, partner }) => given.includes('own') || (rep === undefined && partner === undefined), {
    path: ['scopes'],
    message: 'a key of a rep or a partner has the scope own',
  })
  .openapi('NewApiKey');

export const keySchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    prefix: z.string().openapi({ description: 'The first characters of the key, to recognise it by' }),
    scopes: z.array(z.enum(scopes)),
    origins: z.array(z.string()),
    rep: z.string().nullable(),
    partner: z.string().nullable(),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().nullable(),
    revokedAt: z.iso.datetime().nullable(),
  })
  .openapi('ApiKey');

/** A key as the api shows it: everything but the key. */
export function shownKey(key: ApiKey): z.infer<typeof keySchema> {
  const { createdAt, lastUsedAt, revokedAt, ...rest } = key;
  return {
    ...rest,
    createdAt: createdAt.toISOString(),
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    revokedAt: revokedAt?.toISOString() ?? null,
  };
}
