import { z } from '@hono/zod-openapi';
import { domainName } from '../../domain/deliverability/document.ts';

export const domainParam = z.object({ domain: domainName });

const share = (description: string) => z.number().nullable().openapi({ description, example: 0.0012 });

const figuresSchema = z
  .object({
    accepted: z.int().openapi({ description: 'Taken by our carrier' }),
    delivered: z.int().openapi({ description: 'Taken by the recipient’s provider, where ours tells of it' }),
    bounced: z.int().openapi({ description: 'Came back for good' }),
    failed: z.int().openapi({ description: 'Never taken, for another reason than a dead address' }),
    unknown: z.int().openapi({ description: 'Nobody knows whether they were taken' }),
    complained: z.int().openapi({ description: 'Reported as spam' }),
    opened: z.int().openapi({ description: 'Opened by a person: opens are never certain' }),
    clicked: z.int().openapi({ description: 'A person followed a link' }),
    bounceRate: share('bounced / accepted'),
    complaintRate: share('complained / accepted'),
  })
  .openapi('MailFigures');

const complaintsSchema = z.object({ complaints: z.int(), delivered: z.int(), rate: share('complaints / delivered') }).openapi('Complaints');

export const standingSchema = z
  .object({
    domain: z.string(),
    today: complaintsSchema,
    week: complaintsSchema,
    paused: z
      .object({ at: z.iso.datetime(), reason: z.string() })
      .nullable()
      .openapi({ description: 'Its marketing stands still until somebody resumes it' }),
    warmUp: z
      .object({
        budget: z.int().openapi({ description: 'Mails today' }),
        used: z.int(),
        waiting: z.int().openapi({ description: 'Mails that wait for another day' }),
        until: z.iso.datetime().nullable().openapi({ description: 'When the last of them leaves' }),
      })
      .nullable()
      .openapi({ description: 'Null: the domain is warm' }),
  })
  .openapi('SendingDomain');

export const deliverabilitySchema = z
  .object({
    days: z.int(),
    total: figuresSchema,
    senders: z.array(standingSchema),
    families: z.array(
      figuresSchema.extend({ family: z.string().openapi({ description: '`other`: domains of their own whose provider is not known' }) }),
    ),
    domains: z.array(figuresSchema.extend({ domain: z.string(), family: z.string().nullable() })),
    waiting: z.array(
      z.object({
        by: z.string().openapi({ description: 'warm_up, provider_throttle or domain_paused' }),
        line: z.string().openapi({ description: 'Our domain, or lane and provider' }),
        mails: z.int(),
        until: z.iso.datetime(),
      }),
    ),
  })
  .openapi('Deliverability');

export const mailFindingSchema = z
  .object({
    check: z.string().openapi({ example: 'spf' }),
    level: z.enum(['ok', 'info', 'warn', 'error']),
    text: z.string(),
    mend: z.string().nullable().openapi({ description: 'What to do' }),
  })
  .openapi('MailFinding');
