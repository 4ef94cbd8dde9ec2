import { z } from '@hono/zod-openapi';
import { type StoredSubmission, submissionStates } from '../../db/submissions.ts';
import { leadFields } from '../../domain/forms/form.ts';

const said = z.string().nullable();

export const submissionSchema = z
  .object({
    id: z.uuid(),
    form: z.string(),
    provider: z.string(),
    receivedAt: z.iso.datetime(),
    state: z.enum(submissionStates),
    reason: z.string().nullable().openapi({ description: 'Why it is, or was, under review or quarantined' }),
    reviewDueAt: z.iso.datetime().nullable().openapi({ description: 'When somebody must have looked at it' }),
    escalatedAt: z.iso.datetime().nullable(),
    leadId: z.uuid().nullable(),
    test: z.boolean(),
    fields: z.object({
      email: said,
      phone: said,
      firstName: said,
      lastName: said,
      name: said,
      title: said,
      company: said,
      website: said,
      country: said,
      message: said,
      properties: z.record(z.string(), z.unknown()),
      unusable: z
        .array(z.object({ field: z.enum(leadFields), value: z.string() }))
        .openapi({ description: 'What was given but cannot be used' }),
    }),
  })
  .openapi('Submission');

export const submissionParam = z.object({ id: z.uuid() });

/** A submission as the api shows it. */
export function shownSubmission(s: StoredSubmission): z.infer<typeof submissionSchema> {
  const { email, phone, firstName, lastName, name, title, company, website, country, message, properties, unusable } = s.fields;
  return {
    id: s.id,
    form: s.formKey,
    provider: s.provider,
    receivedAt: s.receivedAt.toISOString(),
    state: s.state,
    reason: s.reason,
    reviewDueAt: s.reviewDueAt?.toISOString() ?? null,
    escalatedAt: s.escalatedAt?.toISOString() ?? null,
    leadId: s.leadId,
    test: s.test,
    fields: { email, phone, firstName, lastName, name, title, company, website, country, message, properties, unusable },
  };
}
