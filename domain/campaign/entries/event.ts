import { z } from 'zod';
import { condition } from '../../conditions/condition.ts';
import { parseWhere, passes } from '../../conditions/test.ts';
import { companyKeys, companyLint } from '../company.ts';
import { defineEntry } from './kind.ts';

/** `entry: { event: form_submitted, where: { form: trial }, if: { fit: { gte: C } } }`: whoever does it, at that moment. */
export const eventEntry = defineEntry({
  kind: 'event',
  schema: z.strictObject({
    event: z.string().min(1).describe('the name of the event'),
    where: z.record(z.string(), z.unknown()).default({}).describe('what its properties must be: a bare value, or a comparison'),
    if: condition.optional().describe('what must hold of the lead at that moment'),
    ...companyKeys,
  }),
  lint: (entry) => companyLint(entry),
  event: (entry) => entry.event,
  matches: (entry, properties) => Object.entries(parseWhere(entry.where)).every(([name, wanted]) => passes(properties[name], wanted)),
  words: (entry) => `${entry.event} happened`,
  about: 'Whoever does it enters, at that moment. A condition that speaks of the score waits until the score knows of the event.',
  example: '{ event: form_submitted, where: { form: trial }, if: { fit: { gte: C } } }',
});
