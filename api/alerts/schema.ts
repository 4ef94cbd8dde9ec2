import { z } from '@hono/zod-openapi';
import type { Alert } from '../../db/alerts.ts';
import { tellAlert } from '../../domain/words/alerts.ts';

const instant = z.iso.datetime();

export const alertSchema = z
  .object({
    id: z.uuid(),
    kind: z.string().openapi({ example: 'lane_stopped' }),
    about: z.string().openapi({ description: 'Which lane, campaign or domain' }),
    title: z.string(),
    text: z.string(),
    mend: z.string().openapi({ description: 'What to do about it' }),
    times: z.int().openapi({ description: 'How often it was raised while open' }),
    raisedAt: instant,
    lastAt: instant,
    toldAt: instant.nullable().openapi({ description: 'When a mail to the managers was queued' }),
    closedAt: instant.nullable(),
    closedBy: z.string().nullable().openapi({ description: 'Name of a key, or `itself` where what it was about has passed' }),
  })
  .openapi('Alert');

/** An alert as JSON, in words. */
export function shownAlert(alert: Alert): z.infer<typeof alertSchema> {
  const { id, kind, about, times, closedBy } = alert;
  return {
    id,
    kind,
    about,
    ...tellAlert(alert),
    times,
    raisedAt: alert.raisedAt.toISOString(),
    lastAt: alert.lastAt.toISOString(),
    toldAt: alert.toldAt?.toISOString() ?? null,
    closedAt: alert.closedAt?.toISOString() ?? null,
    closedBy,
  };
}
