import { z } from '@hono/zod-openapi';
import type { CampaignRow } from '../../db/campaigns.ts';

export const campaignKey = z.object({ key: z.string().min(1).max(63).openapi({ example: 'pump-trial-nurture' }) });

export const campaignSchema = z
  .object({
    id: z.uuid(),
    key: z.string(),
    name: z.string(),
    state: z.enum(['draft', 'live', 'paused', 'archived']),
    liveVersion: z.int().nullable().openapi({ description: 'The version that takes newcomers' }),
    newestVersion: z.int(),
    pausedAt: z.iso.datetime().nullable(),
  })
  .openapi('Campaign');

/** A campaign as the api shows it. */
export function shownCampaign({ liveVersionId: _, pausedAt, ...row }: CampaignRow): z.infer<typeof campaignSchema> {
  return { ...row, pausedAt: pausedAt?.toISOString() ?? null };
}

export const findingSchema = z
  .object({
    level: z.enum(['error', 'warning']),
    path: z.string().openapi({ description: 'Where in the document, dotted', example: 'steps.2.branch.0.when' }),
    reason: z.string(),
    mend: z.string(),
  })
  .openapi('LintFinding');

export const changed = (description: string) => ({ description, content: { 'application/json': { schema: campaignSchema } } });
