import { z } from '@hono/zod-openapi';

export const templateParam = z.object({
  key: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]{0,99}$/, 'is not a name such as trial-welcome')
    .openapi({ example: 'trial-welcome' }),
});

const language = z
  .string()
  .nullable()
  .openapi({ description: 'BCP 47; null: for everybody who has no variant of their own', example: 'de' });

export const variantSchema = z.object({
  language,
  file: z.string().openapi({ description: 'Below templates/' }),
  subject: z.string().openapi({ description: 'As it is written, with its variables' }),
  preheader: z.string(),
  layout: z.string(),
});

export const templateSchema = z
  .object({
    key: z.string(),
    own: z.boolean().openapi({ description: 'Stored in the workspace; false: it ships with Tendril' }),
    variants: z.array(variantSchema),
    params: z.array(z.string()).openapi({ description: 'What a step has to give it: names in its `params`' }),
    usedBy: z.array(z.object({ campaign: z.string(), step: z.string() })),
  })
  .openapi('Template');

export const templateFindingSchema = z
  .object({
    level: z.enum(['error', 'warning']),
    file: z
      .string()
      .openapi({ description: 'Below templates/; of a layout or a block where the fault is there', example: 'trial-welcome.mjml' }),
    line: z.int().nullable().openapi({ description: 'From 1; null: the whole of it' }),
    rule: z.string().openapi({ example: 'variable' }),
    variable: z.string().nullable().openapi({ example: 'lead.first_name' }),
    reason: z.string(),
    mend: z.string(),
    usedBy: z.string().nullable().openapi({
      description: 'The campaign and step for which it is wrong; null: for whoever uses it',
      example: 'pump-trial-nurture/welcome',
    }),
  })
  .openapi('TemplateFinding');
