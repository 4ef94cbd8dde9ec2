import { z } from '@hono/zod-openapi';
import type { LeadDetail, LeadView } from '../../db/leads-read.ts';
import { stages } from '../../domain/lifecycle.ts';

const anything = z.record(z.string(), z.unknown());

export const leadParam = z.object({
  lead: z
    .string()
    .min(1)
    .max(320)
    .openapi({
      param: { name: 'lead', in: 'path' },
      description: 'Id of the lead, or any address it was ever known by',
      example: 'mei@huadong.example',
    }),
});

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional().openapi({ description: 'nextCursor of the page before' }),
};

export const testQuery = z
  .enum(['exclude', 'include', 'only'])
  .default('exclude')
  .openapi({ description: 'Test leads stay out unless asked for' });

export const nextCursor = z.string().nullable().openapi({ description: 'Of the next page; null on the last' });

const scoreSummary = z.object({
  fit: z.enum(['A', 'B', 'C', 'D']),
  engagement: z.number(),
  level: z.string(),
  qualified: z.boolean(),
  computedAt: z.iso.datetime(),
});

export const leadSchema = z
  .object({
    id: z.uuid(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    firstName: z.string().nullable(),
    lastName: z.string().nullable(),
    name: z.string().nullable(),
    title: z.string().nullable(),
    company: z.string().nullable(),
    country: z.string().nullable(),
    timezone: z.string().nullable(),
    locale: z.string().nullable(),
    buyingRole: z.string().nullable(),
    stage: z.enum(stages),
    tags: z.array(z.string()),
    attributes: anything,
    firstTouch: anything.nullable(),
    lastTouch: anything.nullable(),
    account: z.object({ id: z.uuid(), name: z.string().nullable(), domain: z.string().nullable() }).nullable(),
    score: scoreSummary.nullable(),
    test: z.boolean(),
    pausedAt: z.iso.datetime().nullable().openapi({ description: 'Marketing to this person is paused since then' }),
    pausedUntil: z.iso.datetime().nullable().openapi({ description: 'and until then; null: until it is resumed, or not at all' }),
    untrackedAt: z.iso.datetime().nullable().openapi({ description: 'Clicks and opens of this person are not noted, since then' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('Lead');

export const opportunitySummary = z.object({
  id: z.uuid(),
  state: z.string(),
  owner: z.string().nullable(),
  createdAt: z.iso.datetime(),
  closedAt: z.iso.datetime().nullable(),
});

export const leadDetailSchema = leadSchema
  .extend({
    enrolments: z.array(
      z.object({
        id: z.uuid(),
        campaign: z.object({ key: z.string(), name: z.string() }),
        state: z.enum(['active', 'completed', 'goal', 'exited']),
        stepId: z.string(),
        enteredAt: z.iso.datetime(),
        dueAt: z.iso.datetime().nullable(),
        waiting: z.string().nullable(),
        endedAt: z.iso.datetime().nullable(),
        endReason: z.string().nullable(),
        error: z.string().nullable(),
      }),
    ),
    opportunities: z.array(opportunitySummary),
    consents: z.array(
      z.object({
        topic: z.string(),
        granted: z.boolean(),
        state: z.enum(['granted', 'withdrawn', 'pending', 'expired']),
        source: z.string(),
        expiresAt: z.iso.datetime().nullable(),
        at: z.iso.datetime(),
      }),
    ),
  })
  .openapi('LeadDetail');

/** A lead as the api shows it. */
export function shownLead({
  score,
  pausedAt,
  pausedUntil,
  untrackedAt,
  createdAt,
  updatedAt,
  ...lead
}: LeadView): z.infer<typeof leadSchema> {
  return {
    ...lead,
    score: score && { ...score, computedAt: score.computedAt.toISOString() },
    pausedAt: pausedAt?.toISOString() ?? null,
    pausedUntil: pausedUntil?.toISOString() ?? null,
    untrackedAt: untrackedAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}

/** A lead with what it belongs to, as the api shows it. */
export function shownDetail({ enrolments, opportunities, consents, ...lead }: LeadDetail): z.infer<typeof leadDetailSchema> {
  return { ...shownLead(lead), enrolments, opportunities, consents };
}
