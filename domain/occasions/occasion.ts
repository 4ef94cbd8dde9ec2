import { z } from 'zod';
import { zone } from '../calendar/zoned.ts';

/** What names an occasion for life: in events, entries and links. */
export const occasionKey = z
  .string()
  .max(100)
  .regex(/^[a-z0-9][a-z0-9_.-]*$/, 'is not a key such as hannover-2026: small letters, digits, -, _ and .');

/** An exhibition, a webinar, a visit day: when and where. */
export const occasionSchema = z
  .strictObject({
    name: z.string().min(1).max(200),
    /** `exhibition`, `webinar`, `visit`, or the firm's own word. */
    kind: z
      .string()
      .max(60)
      .regex(/^[a-z][a-z0-9_]*$/, 'is not a kind such as webinar'),
    startsAt: z.iso.datetime({ offset: true }),
    endsAt: z.iso.datetime({ offset: true }),
    /** Where it takes place: offsets in days, such as the day before, count on its wall clock. */
    timezone: zone.optional(),
    place: z.string().max(500).nullable().default(null),
    attributes: z.record(z.string().max(100), z.unknown()).default({}),
  })
  .refine(({ startsAt, endsAt }) => Date.parse(endsAt) >= Date.parse(startsAt), { path: ['endsAt'], message: 'is before it starts' });
export type OccasionDocument = z.infer<typeof occasionSchema>;
