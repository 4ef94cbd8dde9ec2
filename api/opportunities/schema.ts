import { z } from '@hono/zod-openapi';
import { tell } from '../../domain/words/decision.ts';
import type { HistoryLine, OpportunityView } from '../../db/opportunities-read.ts';
import { gradeKeys } from '../../domain/sla/document.ts';
import { offeredActions } from '../../domain/sla/rungs.ts';
import { routedSchema } from '../routing/schema.ts';

const instant = z.iso.datetime();
export const named = z.object({ key: z.string(), name: z.string() }).nullable();

export const fits = ['A', 'B', 'C', 'D'] as const;
export const opportunityStates = ['queued', 'offered', 'accepted', 'touched', 'won', 'lost', 'rejected', 'recycled'] as const;

const person = z.object({ id: z.uuid(), name: z.string().nullable(), email: z.string().nullable(), company: z.string().nullable() });

export const opportunitySchema = z
  .object({
    id: z.uuid(),
    state: z.enum(opportunityStates),
    pool: z.string().openapi({ description: 'Key of the pool: the named queue while nobody has it' }),
    productLine: z.string().nullable(),
    source: z.enum(['form', 'campaign', 'score', 'api']),
    urgent: z.boolean(),
    nurture: z.boolean().openapi({ description: 'Marketing goes on while it is open' }),
    lead: person,
    account: z.object({ id: z.uuid(), name: z.string().nullable(), domain: z.string().nullable() }).nullable(),
    owner: named.openapi({ description: 'To whom it is offered, or who has accepted it' }),
    held: z
      .object({ since: instant, until: instant.nullable() })
      .nullable()
      .openapi({ description: 'While queued: nobody may take it, since when, and until when at most' }),
    returnAt: instant.nullable().openapi({ description: 'While a partner has not accepted it: when it comes back' }),
    asked: named.openapi({ description: 'While offered: a second rep who may accept too. While queued: who is to have it' }),
    rung: z.int().openapi({ description: 'How far up the SLA ladder of its state, in working time' }),
    wallRung: z.int().openapi({ description: 'How far up its rungs by the wall clock' }),
    nextLookAt: instant.nullable().openapi({ description: 'When the next rung falls due; for a recycled one, when it comes back' }),
    snoozedUntil: instant.nullable().openapi({ description: 'Put off by its rep: until then its ladder stands still' }),
    overdue: z.boolean(),
    breachedAt: instant.nullable(),
    createdAt: instant,
    offeredAt: instant.nullable(),
    acceptedAt: instant.nullable(),
    touchedAt: instant.nullable(),
    firstTouchBy: z.string().nullable().openapi({ description: 'How the first talk was seen: logged, sequence or bcc', example: 'logged' }),
    closedAt: instant.nullable(),
    rejectedReason: z.string().nullable(),
    resumeAt: instant.nullable(),
    stage: z.string().nullable().openapi({ description: 'Key of a stage of the pipeline; null until it is accepted', example: 'proposal' }),
    stageAt: instant.nullable(),
    amount: z.number().nullable(),
    currency: z.string().nullable(),
    expectedClose: z.iso.date().nullable(),
    outcomeReason: z.string().nullable().openapi({ description: 'Of a loss: key of one of the loss reasons' }),
    grade: z.enum(fits).nullable().openapi({ description: "By which fit its ladder is chosen, instead of its lead's" }),
    rule: z.string().nullable().openapi({ description: 'Key of the routing rule that decided whose it is', example: 'nordics' }),
    grades: z.array(z.enum(gradeKeys)).openapi({ description: 'Whose ladder it climbs, the most special first' }),
    test: z.boolean(),
  })
  .openapi('Opportunity');

export const opportunityDetailSchema = opportunitySchema
  .extend({
    routing: routedSchema
      .nullable()
      .openapi({ description: 'Where the routing rules sent it and why; null for one of before there were any' }),
    people: z.array(person).openapi({ description: 'Everybody on it, in the order they came' }),
    ladder: z
      .array(z.object({ after: z.string(), clock: z.enum(['business', 'wall']), do: z.enum(offeredActions), done: z.boolean() }))
      .openapi({
        description: "The SLA ladder of its state: what happens how long after it began, in the rep's working time or by the wall clock",
      }),
    history: z.array(
      z.object({
        at: instant,
        kind: z.string(),
        leadId: z.uuid().nullable(),
        words: z.string().openapi({ description: 'What happened, in a sentence' }),
        facts: z.array(z.string()).openapi({ description: 'What spoke for it, as it was known then' }),
        because: z.record(z.string(), z.unknown()),
      }),
    ),
  })
  .openapi('OpportunityDetail');

/** What an opportunity looks like from outside. */
export function shownOpportunity(view: OpportunityView): z.infer<typeof opportunitySchema> {
  return {
    ...view,
    held: view.held && {
      since: new Date(view.held.since).toISOString(),
      until: view.held.until && new Date(view.held.until).toISOString(),
    },
    returnAt: iso(view.returnAt),
    nextLookAt: iso(view.nextLookAt),
    snoozedUntil: iso(view.snoozedUntil),
    stageAt: iso(view.stageAt),
    breachedAt: iso(view.breachedAt),
    createdAt: view.createdAt.toISOString(),
    offeredAt: iso(view.offeredAt),
    acceptedAt: iso(view.acceptedAt),
    touchedAt: iso(view.touchedAt),
    closedAt: iso(view.closedAt),
    resumeAt: iso(view.resumeAt),
  };
}

export function shownHistory(lines: readonly HistoryLine[]) {
  return lines.map((line) => ({ ...line, ...tell({ ...line, stepId: null, campaign: null }), at: line.at.toISOString() }));
}

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

export const opportunityId = z.object({ id: z.uuid() });
export const repKey = z.string().min(1).max(100).openapi({ description: 'Key of the rep', example: 'ana' });
/** A question of a query, as it stands in a URL. */
export const yesNo = z.enum(['true', 'false']).transform((value) => value === 'true');
/** A date without a time, or an instant. */
export const laterDate = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);
