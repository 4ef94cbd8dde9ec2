import { z } from '@hono/zod-openapi';
import type { ShownHit } from '../../db/hits-read.ts';
import type { ShownSend } from '../../db/sends-read.ts';
import { sendClasses } from '../../domain/delivery/mail.ts';
import { toldKinds } from '../../domain/delivery/told.ts';
import { reasonInWords } from '../../domain/delivery/reasons.ts';
import { signs } from '../../domain/tracking/hit.ts';
import { type MachineReason, machineReasons } from '../../domain/tracking/judge.ts';

export const sendState = z.enum(['queued', 'in_flight', 'accepted', 'failed', 'suppressed', 'cancelled', 'unknown']);

const instant = z.iso.datetime();

export const sendSchema = z
  .object({
    id: z.uuid(),
    sendKey: z.string().openapi({ description: 'Names the effect: the same key is never mailed twice' }),
    class: z.enum(sendClasses),
    lane: z.string(),
    state: sendState,
    priority: z.int(),
    leadId: z.uuid().nullable(),
    repId: z.uuid().nullable(),
    campaignId: z.uuid().nullable(),
    campaign: z.string().nullable().openapi({ description: "The campaign's key" }),
    enrolmentId: z.uuid().nullable(),
    stepId: z.string().nullable(),
    opportunityId: z.uuid().nullable(),
    topic: z.string().nullable(),
    template: z.string(),
    address: z.string().nullable().openapi({ description: 'Where it went; null until it goes' }),
    subject: z.string().nullable(),
    queuedAt: instant,
    dueAt: instant,
    notAfter: instant.nullable(),
    attempts: z.int(),
    inFlightAt: instant.nullable(),
    settledAt: instant.nullable(),
    unknownAt: instant.nullable(),
    reason: z.string().nullable().openapi({ description: 'Why it was not sent, or is tried again' }),
    reasonInWords: z.string().nullable(),
    providerId: z.string().nullable(),
    test: z.boolean(),
  })
  .openapi('Send');

const hitSchema = z
  .object({
    id: z.uuid(),
    kind: z.enum(['click', 'open']),
    at: instant,
    link: z.string().nullable().openapi({ description: "The link's name, else its address; null for an open" }),
    url: z.string().nullable(),
    source: z.string().openapi({ description: '`mail`: our own links and picture; else the provider that told of it' }),
    signs: z.array(z.enum(signs)).openapi({ description: 'What spoke for or against a person when it came' }),
    userAgent: z.string().nullable(),
    by: z.enum(['human', 'machine', 'undecided']).openapi({ description: 'Undecided for a minute; only what people did counts' }),
    reason: z.enum(Object.keys(machineReasons) as [MachineReason, ...MachineReason[]]).nullable(),
    reasonInWords: z.string().nullable().openapi({ description: 'What tells that it was a machine' }),
    counted: z.boolean().openapi({ description: 'Became an event; a repetition within a minute does not' }),
  })
  .openapi('Hit');

const toldSchema = z
  .object({
    kind: z.enum(toldKinds).exclude(['opened', 'clicked']),
    at: instant,
    source: z.string().openapi({ description: 'Who told: `sendgrid`, `dsn` (a mail that came back), `arf` (a complaint by mail)' }),
    reason: z.string().nullable().openapi({ description: 'What the receiving server or the provider said' }),
    status: z.string().nullable().openapi({ description: 'Enhanced status code (RFC 3463)' }),
  })
  .openapi('ToldOfMail');

export const sendDetailSchema = sendSchema
  .extend({
    hits: z.array(hitSchema),
    delivery: z.array(toldSchema).openapi({ description: 'What became of it after it was accepted, in the order in which it happened' }),
  })
  .openapi('SendDetail');

/** A click or an open as JSON. */
export function shownHit({ verdict, reason, at, signs: told, ...hit }: ShownHit): z.infer<typeof hitSchema> {
  return {
    ...hit,
    at: at.toISOString(),
    signs: [...told],
    by: verdict ?? 'undecided',
    reason,
    reasonInWords: reason && machineReasons[reason],
  };
}

/** A row of the ledger as JSON. */
export function shownSend(send: ShownSend): z.infer<typeof sendSchema> {
  return {
    ...send,
    queuedAt: send.queuedAt.toISOString(),
    dueAt: send.dueAt.toISOString(),
    notAfter: send.notAfter?.toISOString() ?? null,
    inFlightAt: send.inFlightAt?.toISOString() ?? null,
    settledAt: send.settledAt?.toISOString() ?? null,
    unknownAt: send.unknownAt?.toISOString() ?? null,
    reasonInWords: send.reason === null ? null : reasonInWords(send.reason),
  };
}
