import { z } from 'zod';
import type { Happening } from './happening.ts';
import { type Block, blocksOf } from './types.ts';

const text = z.string().nullable();
const instant = z.iso.datetime();
const anything = z.record(z.string(), z.unknown());
const externalIds = z
  .array(z.object({ system: z.string(), id: z.string() }))
  .describe('by which ids other systems know it, in the order they told them');
const rep = z.object({ id: z.uuid(), key: z.string(), name: z.string(), email: z.string() }).nullable();

const account = z.object({
  id: z.uuid(),
  externalIds,
  name: text,
  domain: text,
  country: text,
  attributes: anything,
  owner: rep,
});

const lead = z.object({
  id: z.uuid(),
  externalIds,
  email: text,
  phone: text,
  firstName: text,
  lastName: text,
  name: text,
  title: text,
  company: text.describe('as they wrote it'),
  country: text,
  timezone: text,
  locale: text,
  buyingRole: text,
  stage: z.string(),
  tags: z.array(z.string()),
  attributes: anything,
  score: z
    .object({ fit: z.enum(['A', 'B', 'C', 'D']), engagement: z.number(), level: z.string(), qualified: z.boolean() })
    .nullable()
    .describe('null until the first'),
  account: account.omit({ attributes: true }).nullable(),
  test: z.boolean(),
  createdAt: instant,
  updatedAt: instant,
});

const opportunity = z.object({
  id: z.uuid(),
  state: z.string().describe('queued, offered, accepted, touched, won, lost, rejected, recycled'),
  stage: text.describe('where in the pipeline'),
  pool: z.string(),
  productLine: text,
  source: z.string(),
  owner: rep.describe('to whom it is offered, or who has accepted it'),
  leadId: z.uuid(),
  accountId: z.uuid().nullable(),
  amount: z.number().nullable(),
  currency: text,
  expectedClose: z.iso.date().nullable(),
  rejectedReason: text,
  outcomeReason: text,
  createdAt: instant,
  closedAt: instant.nullable(),
  test: z.boolean(),
});

const campaign = z.object({
  key: z.string(),
  name: z.string(),
  step: text,
  enrolmentId: z.uuid().nullable(),
});

const task = z.object({
  id: z.uuid(),
  title: z.string(),
  state: z.string().describe('open, done, cancelled'),
  owner: rep,
  outcome: text,
  note: text,
  dueAt: instant,
  leadId: z.uuid().nullable(),
  accountId: z.uuid().nullable(),
  opportunityId: z.uuid().nullable(),
});

const mail = z.object({
  id: z.uuid(),
  template: z.string(),
  class: z.string(),
  subject: text,
  state: z.string(),
  reason: text,
  step: text,
});

const event = z.object({ id: z.uuid(), name: z.string(), source: z.string(), properties: anything });

const consent = z.object({ topic: z.string(), state: z.string(), basis: text, source: z.string(), expiresAt: instant.nullable() });

const record = z.object({
  id: z.uuid(),
  kind: z.enum(['quote', 'order', 'contract', 'case']),
  number: z.string(),
  system: text,
  status: z.string(),
  amount: z.number().nullable(),
  currency: text,
  products: z.array(z.string()),
  dates: z.record(z.string(), z.string()),
  attributes: anything,
  accountId: z.uuid().nullable(),
  leadId: z.uuid().nullable(),
});

/** What each block of the data has. A block whose thing is there no more is null. */
const blockSchemas = {
  lead: lead.nullable(),
  account: account.nullable(),
  opportunity: opportunity.nullable(),
  campaign: campaign.nullable(),
  task: task.nullable(),
  mail: mail.nullable(),
  event: event.nullable(),
  consent: consent.nullable(),
  record: record.nullable(),
  because: anything,
} satisfies Record<Block, z.ZodType>;

export type Shown<B extends Block> = z.infer<(typeof blockSchemas)[B]>;

/** What the data of a type is. */
const dataSchema = (type: string) =>
  z.strictObject(Object.fromEntries(blocksOf(type).map((block) => [block, blockSchemas[block] as z.ZodType])));

/** A whole message of a type, as it is received. */
export const messageSchema = (type: string) =>
  z.strictObject({
    type: z.literal(type),
    timestamp: instant.describe('when it happened, by the clock of the workspace'),
    origin: text.describe('the other system whose telling caused it: it may leave it aside'),
    test: z.boolean().describe('about a test lead'),
    data: dataSchema(type),
  });

/** What is known of the things that happenings are about, by their ids. */
export interface Known {
  leads: ReadonlyMap<string, NonNullable<Shown<'lead'>>>;
  accounts: ReadonlyMap<string, NonNullable<Shown<'account'>>>;
  opportunities: ReadonlyMap<string, NonNullable<Shown<'opportunity'>>>;
  campaigns: ReadonlyMap<string, { key: string; name: string }>;
  tasks: ReadonlyMap<string, NonNullable<Shown<'task'>>>;
  /** By their send key. */
  mails: ReadonlyMap<string, NonNullable<Shown<'mail'>>>;
  records: ReadonlyMap<string, NonNullable<Shown<'record'>>>;
}

/** Which things of other tables a happening is about, besides those it names itself. */
export const taskOf = ({ facts }: Pick<Happening, 'facts'>): string | null => idIn(facts['task']);
export const recordOf = ({ facts }: Pick<Happening, 'facts'>): string | null => idIn(facts['id']);
export const mailOf = ({ facts, enrolmentId, stepId }: Pick<Happening, 'facts' | 'enrolmentId' | 'stepId'>): string | null =>
  facts['rule'] === 'sent' && enrolmentId !== null && stepId !== null ? `${enrolmentId}/${stepId}/1` : null;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const idIn = (given: unknown): string | null => (typeof given === 'string' && UUID.test(given) ? given : null);

type Shows = { [B in Block]: (row: Happening, known: Known) => Shown<B> };

const find = <T>(things: ReadonlyMap<string, T>, id: string | null): T | null => (id === null ? null : (things.get(id) ?? null));

const shows: Shows = {
  lead: ({ leadId }, { leads }) => find(leads, leadId),
  account: ({ accountId }, { accounts }) => find(accounts, accountId),
  opportunity: ({ opportunityId }, { opportunities }) => find(opportunities, opportunityId),
  campaign({ campaignId, stepId, enrolmentId }, { campaigns }) {
    const found = find(campaigns, campaignId);
    return found && { ...found, step: stepId, enrolmentId };
  },
  task: (row, { tasks }) => find(tasks, taskOf(row)),
  mail: (row, { mails }) => find(mails, mailOf(row)),
  event: ({ id, table, kind, source, facts }) => (table === 'event' ? { id, name: kind, source: source ?? '', properties: facts } : null),
  consent: ({ table, facts }) => (table === 'consent' ? (facts as Shown<'consent'>) : null),
  record: (row, { records }) => find(records, recordOf(row)),
  because: ({ table, facts }) => (table === 'journal' ? facts : {}),
};

/** What is told of a happening, as one of its types; `test` where it is about a test lead. */
export function messageOf(row: Happening, type: string, known: Known): { body: string; test: boolean } {
  const data = Object.fromEntries(blocksOf(type).map((block) => [block, shows[block](row, known)]));
  const test = find(known.leads, row.leadId)?.test ?? find(known.opportunities, row.opportunityId)?.test ?? false;
  return { body: JSON.stringify({ type, timestamp: row.at.toISOString(), origin: row.origin, test, data }), test };
}
