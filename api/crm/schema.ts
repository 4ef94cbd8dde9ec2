import { z } from '@hono/zod-openapi';
import type { Heard } from '../../domain/crm/common.ts';
import { externalId, system } from '../../domain/crm/external.ts';
import { TendrilError } from '../../domain/errors.ts';

export const externalParam = z.object({
  system: system.describe('The other system, in your own word: salesforce'),
  externalId: externalId.describe('The id it has there'),
});

/** A list of what another system tells. Each row is read by itself, so that one at fault does not hold the others. */
export const batchBody = (row: string, example: object) =>
  z.strictObject({
    system,
    items: z
      .array(z.looseObject({ externalId }))
      .min(1)
      .max(1_000)
      .openapi({
        description: `Up to 1,000 rows: \`externalId\`, and what ${row} takes. Each is heeded or refused by itself`,
        example: [example],
      }),
  });

export const outcome = z.enum(['created', 'updated', 'unchanged']);

const issue = z.object({ path: z.string(), reason: z.string(), mend: z.string().optional() });

export const batchAnswer = z.object({
  created: z.int(),
  updated: z.int(),
  unchanged: z.int(),
  faults: z.int(),
  results: z
    .array(
      z.object({
        externalId: z.string(),
        result: z.enum(['created', 'updated', 'unchanged', 'fault']),
        id: z.uuid().nullable(),
        fault: z.object({ code: z.enum(['invalid', 'conflict']), detail: z.string(), issues: z.array(issue) }).nullable(),
      }),
    )
    .openapi({ description: 'In the order given' }),
});

/** What became of a batch, as the api shows it. */
export function shownHeard(items: readonly { externalId: string }[], heard: readonly Heard[]): z.infer<typeof batchAnswer> {
  const count = (result: Heard['result']): number => heard.filter((one) => one.result === result).length;
  return {
    created: count('created'),
    updated: count('updated'),
    unchanged: count('unchanged'),
    faults: count('fault'),
    results: heard.map((one, i) => ({
      externalId: items[i]!.externalId,
      result: one.result,
      id: one.result === 'fault' ? null : one.id,
      fault: one.result === 'fault' ? one.fault : null,
    })),
  };
}

/** What became of a single row. Throws its fault. */
export function heardOne([one]: readonly Heard[]): Exclude<Heard, { result: 'fault' }> {
  if (one!.result !== 'fault') return one!;
  throw new TendrilError(one!.fault.code, one!.fault.detail, one!.fault.issues);
}
