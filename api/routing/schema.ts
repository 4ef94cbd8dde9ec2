import { z } from '@hono/zod-openapi';
import type { ConflictView } from '../../db/routing/settling.ts';
import type { Routed } from '../../domain/routing/route.ts';
import { routedFacts, routedWords } from '../../domain/routing/words.ts';
import { findingSchema } from '../campaigns/schema.ts';

/** Where somebody goes, or went, and why. */
export const routedSchema = z
  .object({
    rule: z.string().openapi({ description: 'Key of the rule that decided; `asked` or `catch-all` where none did' }),
    words: z.string(),
    facts: z.array(z.string()).openapi({ description: 'What the rule saw, and why each before it did not hold' }),
    rep: z.string().nullable().openapi({ description: 'Who is to have it; null: whoever of the pool is next' }),
    pool: z.string().openapi({ description: 'In whose queue it stands' }),
    vip: z.boolean(),
    data: z.record(z.string(), z.unknown()).openapi({ description: 'The same as it is kept' }),
  })
  .openapi('Routed');

export const shownRouted = (routed: Routed): z.infer<typeof routedSchema> => ({
  rule: routed.rule,
  words: routedWords(routed),
  facts: routedFacts(routed),
  rep: routed.to.rep ?? null,
  pool: routed.to.pool,
  vip: routed.vip !== undefined,
  data: { ...routed },
});

export const routingSchema = z
  .object({
    version: z.int().nullable().openapi({ description: 'Null while the workspace has none of its own: then the usual rules hold' }),
    document: z.record(z.string(), z.unknown()),
    rules: z
      .array(z.object({ key: z.string(), name: z.string().nullable(), when: z.string(), to: z.string() }))
      .openapi({ description: 'The rules in words, in order' }),
    fallback: z.string().nullable().openapi({ description: 'The pool that stands behind the last rule; null while there is none' }),
    warnings: z.array(findingSchema),
  })
  .openapi('Routing');

const named = z.object({ key: z.string(), name: z.string() });
const instant = z.iso.datetime();

export const conflictSchema = z
  .object({
    id: z.uuid(),
    kind: z.enum(['account_owner', 'opportunity', 'name_hint']).openapi({
      description:
        'Another than the account’s owner has an opportunity of it; two open ones are with two reps; or a lead’s firm has the name of an account that is somebody’s',
    }),
    account: z.object({ id: z.uuid(), name: z.string().nullable(), domain: z.string().nullable() }),
    opportunityId: z.uuid(),
    otherOpportunityId: z.uuid().nullable(),
    rep: named.openapi({ description: 'Who was there first' }),
    other: named.nullable().openapi({ description: 'Who has the opportunity; null while nobody has' }),
    notedAt: instant,
    settledAt: instant.nullable(),
    outcome: z.enum(['both', 'given', 'gone']).nullable().openapi({ description: '`gone`: there are no longer two' }),
    givenTo: named.nullable(),
    settledBy: z.string().nullable(),
    note: z.string().nullable(),
  })
  .openapi('RoutingConflict');

export const shownConflict = (view: ConflictView): z.infer<typeof conflictSchema> => ({
  ...view,
  notedAt: view.notedAt.toISOString(),
  settledAt: view.settledAt?.toISOString() ?? null,
});

/** A document before it is linted: any object. */
export const givenDocument = z.record(z.string(), z.unknown()).openapi({
  description: 'The document `routing`: { rules: [{ key, when, to }] }',
  example: { rules: [{ key: 'nordics', when: { country: ['DK', 'SE', 'NO'] }, to: { pool: 'nordics' } }] },
});
