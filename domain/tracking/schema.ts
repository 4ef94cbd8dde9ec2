import { z } from 'zod';
import { isDeeperThan } from '../depth.ts';
import { TendrilError, type Issue } from '../errors.ts';
import { type Call, type CallType, callTypes } from './call.ts';
import { snakeCase } from './snake-case.ts';

const id = z
  .union([z.string(), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined || value === '' ? null : String(value)))
  .pipe(z.string().max(512, 'at most 512 characters').nullable());
const instant = z
  .string()
  .refine((text) => /^\d{4}-/.test(text) && !Number.isNaN(Date.parse(text)), 'not an instant in ISO 8601, such as 2026-05-04T09:30:00.000Z')
  .nullish();
const bag = z
  .record(z.string(), z.unknown())
  .nullish()
  .transform((value) => value ?? {});

/** What Segment's calls have in common, and what each adds. Fields we do not know are let pass and left out. */
const fields = z.object({
  messageId: id,
  userId: id,
  anonymousId: id,
  timestamp: instant,
  originalTimestamp: instant,
  sentAt: instant,
  context: bag,
  event: z.string().max(200).nullish(),
  name: z.string().max(500).nullish(),
  category: z.string().max(500).nullish(),
  properties: bag,
  traits: bag,
  groupId: id,
  previousId: id,
});

/** One call posted to an endpoint of its own. `writeKey` may stand in for the Authorization header. */
export const callSchema = fields.extend({ writeKey: z.string().nullish() });
/** Calls posted together: stored in one transaction, all or none. */
export const batchSchema = z.object({
  batch: z.array(fields.extend({ type: z.enum(callTypes) })).max(10_000),
  writeKey: z.string().nullish(),
  sentAt: instant,
});

/** Largest single call, bytes of its JSON; Segment's own limit. */
const CALL_LIMIT = 32 * 1024;
/** Levels of nesting in a call: more than any website sends, fewer than what reads it later can follow. */
const DEEPEST = 100;

/** Real ms: what is said to have happened longer ago comes from a clock that is wrong, and counts from when it came. */
const OLDEST_MS = 100 * 366 * 86_400_000;

/** Reads the body of one call. Throws `invalid` naming each field. `receivedAt` is real time. */
export function readCall(type: CallType, body: unknown, receivedAt: Date): Call {
  const parsed = callSchema.safeParse(body);
  if (!parsed.success)
    throw refusal(parsed.error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), reason: issue.message })));
  checkExtent(body, '');
  const issues = lacks(type, parsed.data, '');
  if (issues.length > 0) throw refusal(issues);
  return toCall(type, parsed.data, parsed.data.sentAt, receivedAt);
}

/** Reads the body of a batch. Throws `invalid` naming the index and field of everything that is wrong with it. */
export function readBatch(body: unknown, receivedAt: Date): Call[] {
  const parsed = batchSchema.safeParse(body);
  if (!parsed.success)
    throw refusal(parsed.error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), reason: issue.message })));
  const { batch, sentAt } = parsed.data;
  (body as { batch: unknown[] }).batch.forEach((message, i) => checkExtent(message, `batch.${i}`));
  const issues = batch.flatMap((message, i) => lacks(message.type, message, `batch.${i}.`));
  if (issues.length > 0) throw refusal(issues);
  return batch.map((message) => toCall(message.type, message, message.sentAt ?? sentAt, receivedAt));
}

type Fields = z.infer<typeof fields>;

function lacks(type: CallType, call: Fields, at: string): Issue[] {
  const issues: Issue[] = [];
  const need = (field: keyof Fields, reason: string) => {
    if (call[field] === null || call[field] === undefined || call[field] === '') issues.push({ path: `${at}${field}`, reason });
  };
  if (call.userId === null && call.anonymousId === null) issues.push({ path: `${at}userId`, reason: 'userId or anonymousId is needed' });
  if (call.anonymousId?.startsWith('user:')) issues.push({ path: `${at}anonymousId`, reason: 'may not begin with user:' });
  if (type === 'track') need('event', 'a track call names its event');
  if (type === 'group') need('groupId', 'a group call names its group');
  if (type === 'alias') {
    need('previousId', 'an alias call names the id that the person had before');
    need('userId', 'an alias call names the user it is now');
  }
  return issues;
}

function refusal(issues: Issue[]): TendrilError {
  const told = issues.slice(0, 50);
  return new TendrilError(
    'invalid',
    `Nothing was stored: ${told.map(({ path, reason }) => `${path || 'the body'}: ${reason}`).join('; ')}`,
    told,
  );
}

function checkExtent(message: unknown, path: string): void {
  if (isDeeperThan(DEEPEST, message)) throw refusal([{ path, reason: `nested deeper than ${DEEPEST} levels` }]);
  if (Buffer.byteLength(JSON.stringify(message)) <= CALL_LIMIT) return;
  throw new TendrilError('too_large', `Nothing was stored: ${path || 'the call'} is larger than ${CALL_LIMIT} bytes`, [
    { path, reason: `larger than ${CALL_LIMIT} bytes` },
  ]);
}

function toCall(type: CallType, given: Fields, sentAt: string | null | undefined, receivedAt: Date): Call {
  const happened = given.timestamp ?? given.originalTimestamp;
  const sent = sentAt ? Date.parse(sentAt) : receivedAt.getTime();
  const { messageId, userId, anonymousId, previousId, groupId, traits } = given;
  const ids = { ...(userId !== null && { userId }), ...(anonymousId !== null && { anonymousId }) };
  return {
    type,
    messageId,
    userId,
    anonymousId,
    previousId,
    groupId,
    event: eventOf(type, given),
    properties: propertiesOf(type, given),
    traits,
    context: { ...given.context, ...ids, type },
    ageMs: happened ? ageOf(sent - Date.parse(happened)) : 0,
  };
}

function ageOf(ms: number): number {
  return ms > 0 && ms <= OLDEST_MS ? ms : 0;
}

function eventOf(type: CallType, { event }: Fields): string {
  switch (type) {
    case 'track':
      return snakeCase(event!);
    case 'identify':
      return 'identified';
    case 'group':
      return 'grouped';
    case 'alias':
      return 'aliased';
    case 'page':
    case 'screen':
      return 'page_viewed';
  }
}

function propertiesOf(
  type: CallType,
  { properties, traits, context, name, category, groupId, previousId }: Fields,
): Record<string, unknown> {
  switch (type) {
    case 'track':
      return properties;
    case 'identify':
      return traits;
    case 'group':
      return { ...traits, groupId };
    case 'alias':
      return { previousId };
    case 'page':
    case 'screen':
      return { ...pageOf(context), ...properties, ...(name && { name }), ...(category && { category }) };
  }
}

/** Where the sender says only in the context what page it was. */
function pageOf(context: Record<string, unknown>): Record<string, unknown> {
  const page = context['page'];
  if (page === null || typeof page !== 'object') return {};
  return Object.fromEntries(
    ['url', 'path', 'title', 'referrer', 'search'].flatMap((key) => (key in page ? [[key, (page as Record<string, unknown>)[key]]] : [])),
  );
}
