import { TendrilError } from '../domain/errors.ts';
import { messageId } from '../domain/webhooks/fan-out.ts';
import { closeAlerts } from './alerts.ts';
import type { Queryable } from './pool.ts';

export const deliveryStates = ['queued', 'claimed', 'done', 'dead'] as const;

/** A message to one endpoint as it is read. */
export interface MessageView {
  id: string;
  type: string;
  at: Date;
  state: (typeof deliveryStates)[number];
  attempts: number;
  /** When the next attempt is due, while it is queued. */
  dueAt: Date | null;
  status: number | null;
  reason: string | null;
  excerpt: string | null;
  settledAt: Date | null;
}

const columns = `m.id, m.type, m.at, d.state, d.attempts, case when d.state = 'queued' then d.due_at end as "dueAt", d.status, d.reason, d.excerpt, d.settled_at as "settledAt"`;

export interface MessageFilter {
  state?: MessageView['state'] | undefined;
  type?: string | undefined;
}

/** One page of an endpoint's messages, the newest first; ids are in the order of happening. */
export async function listMessages(
  tx: Queryable,
  endpointId: string,
  { state, type }: MessageFilter,
  limit: number,
  before: string | null,
): Promise<{ items: MessageView[]; nextCursor: string | null }> {
  const { rows } = await tx.query<MessageView>(
    `select ${columns} from webhook_delivery d join webhook_message m on m.id = d.message_id
      where d.endpoint_id = $1 and ($2::text is null or d.state = $2) and ($3::text is null or m.type = $3) and ($4::text is null or d.message_id < $4)
      order by d.message_id desc limit $5`,
    [endpointId, state ?? null, type ?? null, before, limit + 1],
  );
  const items = rows.slice(0, limit);
  return { items, nextCursor: rows.length > limit ? items.at(-1)!.id : null };
}

/** One message with what it says. Throws `not_found`. */
export async function requireMessage(tx: Queryable, endpointId: string, id: string): Promise<MessageView & { body: string }> {
  const { rows } = await tx.query<MessageView & { body: string }>(
    `select ${columns}, m.body from webhook_delivery d join webhook_message m on m.id = d.message_id where d.endpoint_id = $1 and d.message_id = $2`,
    [endpointId, id],
  );
  if (!rows[0]) throw new TendrilError('not_found', 'There is no such message to this endpoint');
  return rows[0];
}

/** Which messages are to go out once more: those named, those given up, or all that has happened since (real time). */
export type Again = { messageIds: string[] } | { state: 'dead' } | { since: Date };

/**
 * Messages go to the endpoint once more, now and with all their attempts, under the same ids. `since` also brings what it was never told, while it was
 * disabled or before it was there. Answers how many that have been told, or given up, are queued again. Throws `not_found`, `invalid`, `conflict`.
 */
export async function replay(tx: Queryable, endpointId: string, again: Again, keptDays: number): Promise<number> {
  const { rows: found } = await tx.query<{ state: string; tooEarly: boolean }>(
    `select state, $2::timestamptz < now() - make_interval(days => $3) as "tooEarly" from webhook_endpoint where id = $1 for no key update`,
    [endpointId, 'since' in again ? again.since : null, keptDays],
  );
  if (!found[0]) throw new TendrilError('not_found', 'There is no such endpoint');
  if (found[0].state === 'disabled') throw new TendrilError('conflict', 'This endpoint is disabled: enable it first');
  if (found[0].tooEarly) {
    throw new TendrilError('invalid', 'The body is not valid: since: messages are not kept as long as that', [
      { path: 'since', reason: `is more than ${keptDays} days ago`, mend: 'name a later moment, or raise WEBHOOK_DAYS' },
    ]);
  }
  if ('messageIds' in again) await requireAll(tx, endpointId, again.messageIds);
  const { rowCount } = await tx.query(
    `with picked as (
       select message_id from webhook_delivery
        where endpoint_id = $1 and state in ('done', 'dead') and ($2::text[] is null or message_id = any($2)) and ($3 or state = 'dead' or $2 is not null)
          and ($4::timestamptz is null or message_id >= $5)
        order by message_id for no key update)
     update webhook_delivery d set state = 'queued', attempts = 0, due_at = clock(), settled_at = null, reason = null
       from picked p where d.endpoint_id = $1 and d.message_id = p.message_id`,
    [
      endpointId,
      'messageIds' in again ? again.messageIds : null,
      'since' in again,
      'since' in again ? again.since : null,
      'since' in again ? firstOf(again.since) : null,
    ],
  );
  if ('since' in again)
    await tx.query('update webhook_endpoint set heard_real = least(heard_real, $2) where id = $1', [endpointId, again.since]);
  if (!('messageIds' in again)) await closeAlerts(tx, 'webhook_dead', [endpointId]);
  return rowCount ?? 0;
}

/** The lowest id a message of something that happened then can have. */
const firstOf = (since: Date): string => `msg_${Math.max(0, since.getTime()).toString(16).padStart(12, '0')}`;

async function requireAll(tx: Queryable, endpointId: string, ids: readonly string[]): Promise<void> {
  const { rows } = await tx.query<{ id: string }>(
    'select message_id as id from webhook_delivery where endpoint_id = $1 and message_id = any($2)',
    [endpointId, ids],
  );
  const known = new Set(rows.map(({ id }) => id));
  const issues = ids.flatMap((id, i) => (known.has(id) ? [] : [{ path: `messageIds.${i}`, reason: 'is no message to this endpoint' }]));
  if (issues.length > 0) throw new TendrilError('invalid', 'Some messages are not known', issues);
}

/** Queues a message that only says that we can be heard. Answers its id. Throws `not_found`, or `conflict` while the endpoint is disabled. */
export async function queueTest(tx: Queryable, endpointId: string): Promise<string> {
  const { rows } = await tx.query<{ state: string; id: string; at: Date }>(
    'select state, uuidv7() as id, clock() as at from webhook_endpoint where id = $1',
    [endpointId],
  );
  const [endpoint] = rows;
  if (!endpoint) throw new TendrilError('not_found', 'There is no such endpoint');
  if (endpoint.state === 'disabled') throw new TendrilError('conflict', 'This endpoint is disabled: enable it first');
  const id = messageId(endpoint.id, 't');
  const body = JSON.stringify({ type: 'webhook.test', timestamp: endpoint.at.toISOString(), origin: null, test: true, data: {} });
  await tx.query(`insert into webhook_message (id, type, at, body) values ($1, 'webhook.test', $2, $3)`, [id, endpoint.at, body]);
  await tx.query('insert into webhook_delivery (endpoint_id, message_id) values ($1, $2)', [endpointId, id]);
  return id;
}

/** How many messages one look forgets. */
const BATCH = 5_000;

/** Forgets messages of so many days ago (real time), whatever became of them. */
export async function forgetMessages(tx: Queryable, days: number): Promise<void> {
  await tx.query(
    `with old as (
       delete from webhook_message
        where id in (select id from webhook_message where made_real < now() - make_interval(days => $1) order by made_real limit $2 for update skip locked)
       returning id)
     delete from webhook_delivery where message_id in (select id from old)`,
    [days, BATCH],
  );
}
