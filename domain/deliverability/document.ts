import { z } from 'zod';
import { families, type Family } from './providers.ts';

export const domainName = z
  .string()
  .toLowerCase()
  .regex(/^(?=.{4,253}$)([a-z\d]([a-z\d-]{0,61}[a-z\d])?\.)+[a-z][a-z\d-]{0,61}[a-z\d]$/, 'is not a domain such as news.firm.example');

/** `30%`, `0.1%`: stays a string, so it is its own JSON. */
const percent = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,3}(\.\d{1,3})?%$/, 'is not a percentage such as 0.3%')
    .refine((written) => shareOf(written) >= least && shareOf(written) <= most, `is not between ${least * 100}% and ${most * 100}%`);

/** `0.3%` as the number 0.003. */
export const shareOf = (written: string): number => Number.parseFloat(written) / 100;

export const warmUp = z.strictObject({
  from: z.iso.date().describe('the first day, in the zone of the workspace'),
  start: z.int().min(1).max(1_000_000).describe('mails on the first day'),
  growth: percent(0.01, 3).default('30%').describe('how many more on each following day'),
  until: z.int().min(2).max(10_000_000).describe('mails a day at which the domain is warm: from then on there is no limit'),
});
export type WarmUp = z.infer<typeof warmUp>;

const perMinute = z.number().min(0.1).max(100_000);

/** Mails a minute to one provider: the same for newsletters and confirmations, each counted on its own, or one number for each. */
const providerRate = z.union([
  perMinute,
  z
    .strictObject({ marketing: perMinute.optional(), transactional: perMinute.optional() })
    .refine((given) => given.marketing !== undefined || given.transactional !== undefined, 'names no lane'),
]);

const provider = z.string().refine((key) => Object.hasOwn(families, key) || domainName.safeParse(key).success, {
  error: `is neither a family of mailboxes (${Object.keys(families).join(', ')}) nor a domain`,
});

/** The workspace's `deliverability` document: how our domains are treated so that mailbox providers go on trusting them. */
export const deliverabilityDocument = z.strictObject({
  domains: z
    .record(
      domainName,
      z.strictObject({
        warmUp: warmUp.optional().describe('a new domain begins small and grows day by day'),
        dkim: z
          .array(z.string().regex(/^[A-Za-z\d][\w.-]{0,62}$/))
          .max(10)
          .optional()
          .describe('the selectors that its mails are signed with'),
      }),
    )
    .default({})
    .describe('the domains we send from'),
  providers: z
    .record(provider, providerRate)
    .default({})
    .describe('mails a minute at most, by family of mailboxes or by domain of the recipient'),
  lookUpHosts: z.boolean().default(false).describe('find the family of companies with domains of their own by their MX records'),
  spam: z
    .strictObject({
      warn: percent(0.0001, 0.05).default('0.1%'),
      pause: percent(0.0001, 0.05).default('0.3%'),
      atLeast: z.int().min(1).max(1_000).default(5).describe('complaints, below which nothing is paused whatever the share'),
    })
    .refine(({ warn, pause }) => shareOf(warn) <= shareOf(pause), { error: 'pauses before it warns', path: ['pause'] })
    .prefault({})
    .describe('the share of complaints in what was delivered, of a domain, today and in seven days'),
});
export type DeliverabilityDocument = z.infer<typeof deliverabilityDocument>;

export type ThrottledLane = 'marketing' | 'transactional';

/** Mails a minute of a lane to a recipient of this domain and family, and under which key they are counted; null where nothing limits them. */
export function rateFor(
  { providers }: Pick<DeliverabilityDocument, 'providers'>,
  lane: ThrottledLane,
  to: { domain: string; family: Family | null },
): { key: string; perMinute: number } | null {
  const name = Object.hasOwn(providers, to.domain) ? to.domain : to.family;
  const rate = name === null ? undefined : providers[name];
  const perMinute = typeof rate === 'object' ? rate[lane] : rate;
  return name === null || perMinute === undefined ? null : { key: `${lane}/${name}`, perMinute };
}
