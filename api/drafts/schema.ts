import { z } from '@hono/zod-openapi';
import type { Draft } from '../../db/drafts.ts';

export const draftId = z.object({ id: z.uuid() });
export const draftStates = ['open', 'sent', 'skipped', 'cancelled'] as const;

/** A letter's subject and text, as its rep may write them. */
const subject = z.string().trim().min(1).max(200).nullable().openapi({ description: 'Null: it goes on in the thread, under its subject' });
const body = z.string().trim().min(1).max(20_000).openapi({ description: 'Plain text' });

/** What may be changed of a draft. */
export const draftEdit = z
  .strictObject({
    subject: subject.optional(),
    body: body.optional(),
    version: z.int().min(0).optional().openapi({ description: 'The version that was read: refused where somebody has written since' }),
  })
  .openapi('DraftEdit');

export const draftSchema = z
  .object({
    id: z.uuid(),
    runId: z.uuid(),
    sequence: z.object({ key: z.string(), name: z.string() }),
    stepId: z.string(),
    rep: z.object({ key: z.string(), name: z.string() }),
    lead: z.object({
      id: z.uuid(),
      name: z.string(),
      email: z.string().nullable(),
      title: z.string().nullable(),
      company: z.string().nullable(),
    }),
    thread: z.enum(['new', 'reply']),
    subject: z.string().nullable(),
    body: z.string(),
    version: z.int(),
    state: z.enum(draftStates),
    dueAt: z.iso.datetime(),
    createdAt: z.iso.datetime(),
    editedAt: z.iso.datetime().nullable(),
    closedAt: z.iso.datetime().nullable(),
    test: z.boolean(),
  })
  .openapi('Draft');

/** A draft as the api shows it. */
export function shownDraft(draft: Omit<Draft, 'place'>): z.infer<typeof draftSchema> {
  const { id, enrolmentId, sequence, stepId, rep, lead, thread, version, state, dueAt, createdAt, editedAt, closedAt, test } = draft;
  return {
    id,
    runId: enrolmentId,
    sequence,
    stepId,
    rep: { key: rep.key, name: rep.name },
    lead,
    thread,
    subject: draft.subject,
    body: draft.body,
    version,
    state,
    dueAt: dueAt.toISOString(),
    createdAt: createdAt.toISOString(),
    editedAt: editedAt?.toISOString() ?? null,
    closedAt: closedAt?.toISOString() ?? null,
    test,
  };
}
