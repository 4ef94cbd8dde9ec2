import { z } from 'zod';
import { offset } from '../../calendar/duration.ts';
import { condition } from '../../conditions/condition.ts';
import { guestStates } from '../../occasions/guest.ts';
import type { Door } from '../doors.ts';
import { pace } from '../pace.ts';
import { people } from '../people.ts';
import type { StepIssue } from '../step.ts';
import { defineEntry } from './kind.ts';

const subjects = ['lead', 'account', 'occasion', 'quote', 'order', 'contract', 'case'] as const;
type Subject = (typeof subjects)[number];

const schema = z.strictObject({
  date: z
    .string()
    .regex(
      new RegExp(String.raw`^(${subjects.join('|')})\.[A-Za-z][\w-]{0,62}$`),
      `is not a date such as contract.ends_at, occasion.starts_at, lead.<attribute> or account.<attribute>`,
    )
    .describe(
      'whose date: `lead.` or `account.` and an attribute, `occasion.starts_at` or `ends_at`, `quote.`, `order.`, `contract.` or `case.` and a date of the record',
    ),
  offset: offset
    .optional()
    .describe('before it (`-90d`) or after it (`1w`); days are those of the lead’s, the occasion’s or else the workspace’s zone'),
  ifPast: z
    .enum(['skip', 'now'])
    .default('skip')
    .describe(
      'what becomes of a date that is told, or a campaign that is launched, when the moment has passed: nobody enters, or they enter at once',
    ),
  where: z
    .record(z.string(), z.unknown())
    .default({})
    .describe(
      'what the thing must be, when the moment comes: `status`, `kind`, `amount`, `currency`, `products`, `key`, or one of its attributes',
    ),
  people: people.optional().describe('who of the company enters; left out: the record’s own person, else everybody of it'),
  guests: z
    .array(z.enum(guestStates))
    .min(1)
    .optional()
    .describe('which guests of the occasion enter; left out: those who are invited or registered'),
  rate: pace.optional().describe('how many at most are taken in, evenly spread: 500/h'),
  if: condition.optional().describe('what must hold of the lead besides, at that moment'),
});
export type DateEntry = z.infer<typeof schema>;

const split = ({ date }: DateEntry): [Subject, string] => {
  const dot = date.indexOf('.');
  return [date.slice(0, dot) as Subject, date.slice(dot + 1)];
};

/** `entry: { date: contract.ends_at, offset: -90d, people: { roles: [decider], max: 1 } }`: when a date comes near, or so long after it. */
export const dateEntry = defineEntry<DateEntry>({
  kind: 'date',
  schema,
  door(entry): Door {
    const [subject, name] = split(entry);
    return { subject, name, says: entry.date };
  },
  again: (_, reentry) => typeof reentry === 'object' && 'key' in reentry,
  lint(entry): StepIssue[] {
    const [subject] = split(entry);
    const issues: StepIssue[] = [];
    if (entry.guests && subject !== 'occasion')
      issues.push({ reason: `'guests' belongs to a date of an occasion`, mend: `leave it out, or say date: occasion.starts_at` });
    if (entry.people && (subject === 'lead' || subject === 'occasion'))
      issues.push({ reason: `'people' says who of a company, and ${entry.date} is not a company's`, mend: 'leave it out' });
    if (entry.people?.ifNone === 'task')
      issues.push({
        reason: `'ifNone: task' is for a company as the subject (of: account)`,
        mend: 'leave it out: the appointments of the campaign name companies without anybody',
      });
    if (entry.date === 'lead.created_at')
      issues.push({ reason: 'when a lead was created is no date to wait for', mend: 'enter by an event, and wait' });
    if (subject === 'account' && !entry.people)
      issues.push({
        reason: `everybody of the company enters on ${entry.date}`,
        mend: 'say who: people: { roles: [decider], max: 1 }',
        level: 'warning',
      });
    return issues;
  },
  words: ({ date, offset: by }) => (!by ? date : by.startsWith('-') ? `${by.slice(1)} before ${date}` : `${by} after ${date}`),
  about:
    'When a date comes near, or so long after it. Each date of each thing lets people in once. A date that moves before anybody has entered is armed anew; ' +
    'one that moves later (a contract renewed for another year) lets them in again for its new date, unless they are in the campaign still. ' +
    '`$entry.contract` (or `quote`, `order`, `case`, `occasion`) names what brought them in, and so do `contract.ends_at` and its like in `at`; ' +
    '`reentry: { key: contract }` lets one lead in for two contracts at once. ' +
    'A date without a time begins at midnight.',
  example: '{ date: contract.ends_at, offset: -90d, ifPast: skip, where: { status: active }, people: { roles: [decider], max: 1 } }',
});
