import { z } from 'zod';
import { calendarDocument } from './calendar/calendar.ts';
import { sendingDocument } from './campaign/sending.ts';
import { condition } from './conditions/condition.ts';
import { topics } from './consent/topics.ts';
import { deliverabilityDocument } from './deliverability/document.ts';
import { type Issue, TendrilError } from './errors.ts';
import { formSchema } from './forms/form.ts';
import { pipelineDocument } from './pipeline/pipeline.ts';
import { routingSchema } from './routing/document.ts';
import { scoringSchema } from './scoring/model.ts';
import { standardSchema } from './scoring/standard.ts';
import { slaDocument } from './sla/document.ts';
import { callbacksSchema } from './tasks/callbacks.ts';
import { attributesSchema } from './workspace/attributes.ts';
import { eventsSchema } from './workspace/events.ts';

/** A saved condition that campaigns and other segments name. */
const segmentSchema = z.strictObject({ key: z.string().optional(), name: z.string().optional(), condition });

/** A mail, or a part of mails: MJML and Handlebars as its author wrote it. It is compiled before it is stored (messaging/templates.ts). */
const mjmlSource = z.string().min(1).max(200_000);

/** What each kind of document must look like; campaigns have their own lint and versions. */
const documentSchemas = {
  form: formSchema,
  scoring: scoringSchema,
  standard: standardSchema,
  sla: slaDocument,
  routing: routingSchema,
  pipeline: pipelineDocument,
  callbacks: callbacksSchema,
  topics,
  calendar: calendarDocument,
  sending: sendingDocument,
  deliverability: deliverabilityDocument,
  segment: segmentSchema,
  attributes: attributesSchema,
  events: eventsSchema,
  template: mjmlSource,
  layout: mjmlSource,
  block: mjmlSource,
} as const;

/** The kinds of documents a workspace has, besides its campaigns. Singletons have the key `default`. */
export type DocumentKind = keyof typeof documentSchemas;

/** Throws `invalid`, naming each fault with its path, unless the body is a document of this kind: a faulty one would stop a loop. */
export function checkDocument(kind: DocumentKind, key: string, body: unknown): void {
  const parsed = documentSchemas[kind].safeParse(body);
  if (parsed.success) return;
  const issues = parsed.error.issues.map((issue): Issue => ({ path: issue.path.join('.'), reason: issue.message }));
  throw new TendrilError('invalid', `This is not a ${kind} document (${key}): ${issues[0]!.path}: ${issues[0]!.reason}`, issues);
}

/** A document with every default said, so that two that mean the same are equal; null when it is none of its kind. */
export function normalDocument(kind: DocumentKind, body: unknown): unknown {
  return documentSchemas[kind].safeParse(body).data ?? null;
}

/** Every kind of document, campaigns aside. */
export const documentKinds = Object.keys(documentSchemas) as DocumentKind[];
