import type { Pipeline } from '../pipeline/pipeline.ts';

/** Where an open opportunity stands, and how likely it is to be won from there (0 to 1). */
export interface Stage {
  key: string;
  name: string;
  probability: number;
}

/** What nobody has accepted yet is in no stage of the pipeline: one in twenty, where the usual pipeline begins with one in ten. */
const before: readonly Stage[] = [
  { key: 'queued', name: 'In the queue', probability: 0.05 },
  { key: 'offered', name: 'Offered', probability: 0.05 },
];

/** Every stage an open opportunity may stand in, in order; the pipeline's own come last. */
export function stagesOf({ stages }: Pipeline): Stage[] {
  const own = stages.map(({ key, name, probability }) => ({ key, name, probability: probability / 100 }));
  return [...before.filter(({ key }) => own.every((one) => one.key !== key)), ...own];
}
