import { z } from '@hono/zod-openapi';

export const segmentParam = z.object({
  key: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, 'is not a key such as tier-1')
    .openapi({ example: 'silent-180d' }),
});

const conditionSchema = z.record(z.string(), z.unknown()).openapi({
  description: 'A condition (docs/campaign-language.md)',
  example: { 'lead.country': 'DE', event: 'pricing_viewed', count: { gte: 2 }, in: '7d' },
});

export const segmentBody = z
  .strictObject({ name: z.string().min(1).max(200).optional(), condition: conditionSchema })
  .openapi('NewSegment');
export const previewBody = z.strictObject({ condition: conditionSchema }).openapi('SegmentPreview');

export const segmentView = z
  .object({
    key: z.string(),
    version: z.int(),
    name: z.string().nullable(),
    condition: conditionSchema,
    count: z.int().openapi({ description: 'How many leads are in it now; tests are not counted' }),
  })
  .openapi('Segment');

export interface StoredSegment {
  key: string;
  version: number;
  body: unknown;
}

/** A segment as the api shows it. */
export function shownSegment({ key, version, body }: StoredSegment, count: number): z.infer<typeof segmentView> {
  const { name, condition } = body as { name?: string; condition: Record<string, unknown> };
  return { key, version, name: name ?? null, condition, count };
}

export const sampledLead = z.object({
  id: z.uuid(),
  email: z.string().nullable(),
  name: z.string().nullable(),
  company: z.string().nullable(),
  stage: z.string(),
});
