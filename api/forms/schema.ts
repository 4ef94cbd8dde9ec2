import { z } from '@hono/zod-openapi';

export const formParam = z.object({
  key: z.string().regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'is not a key such as demo-request'),
});

export const formView = z
  .object({
    key: z.string(),
    version: z.int(),
    document: z.record(z.string(), z.unknown()).openapi({ description: 'As it was written; what it leaves out has its default' }),
  })
  .openapi('Form');
