import { z } from 'zod';

const key = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'a key such as proposal');

const stage = z.strictObject({
  key,
  name: z.string().min(1).max(100),
  /** How likely one that stands here is won, per cent: what the forecast weighs amounts with. */
  probability: z.number().min(0).max(100),
});

/** The stages of the usual pipeline. */
const usual: z.infer<typeof stage>[] = [
  { key: 'qualification', name: 'Qualification', probability: 10 },
  { key: 'needs', name: 'Needs analysis', probability: 25 },
  { key: 'proposal', name: 'Proposal', probability: 50 },
  { key: 'negotiation', name: 'Negotiation', probability: 75 },
  { key: 'commitment', name: 'Commitment', probability: 90 },
];

/** The document `pipeline`: the stages of a sale between acceptance and outcome, in order. Who accepts an opportunity puts it in the first. */
export const pipelineDocument = z.strictObject({
  stages: z
    .array(stage)
    .min(1)
    .max(50)
    .refine((stages) => new Set(stages.map((one) => one.key)).size === stages.length, { error: 'names a stage twice' })
    .default(usual),
});

export type Pipeline = z.infer<typeof pipelineDocument>;
export type SalesStage = Pipeline['stages'][number];

const currencies = new Set(Intl.supportedValuesOf('currency'));

/** An ISO 4217 code such as EUR, of money that there is. */
export const currency = z.string().refine((code) => currencies.has(code), 'is not an ISO 4217 code such as EUR');

/** An amount of money, to the cent. */
export const amount = z
  .number()
  .min(0)
  .max(1e15)
  .refine((value) => Math.abs(value * 100 - Math.round(value * 100)) < 1e-3, 'has more than two decimals');
