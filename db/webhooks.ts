import { TendrilError } from '../domain/errors.ts';
import { BOTH_SECRETS_HOURS, MOST_ENDPOINTS } from '../domain/webhooks/delivery.ts';
import { closeAlerts } from './alerts.ts';
import type { Queryable } from './pool.ts';

/** Somebody who wants to be told, as it is read. */
export interface Endpoint {
  id: string;
  url: string;
  description: string;
  types: string[];
  system: string | null;
  includeTest: boolean;
  state: 'enabled' | 'disabled';
  disabledReason: 'by hand' | 'gone' | 'failing' | null;
  disabledAt: Date | null;
  failingSince: Date | null;
  /** Two secrets are good until then; real time. */
  previousSecretUntil: Date | null;
  /** What happened before has been made into messages; real time. */
  heardUntil: Date;
  queued: number;
  dead: number;
  createdAt: Date;
  updatedAt: Date;
}

export interface NewEndpoint {
  url: string;
  description: string;
  types: string[];
  system: string | null;
  includeTest: boolean;
}

/** Counting ends here: whoever has that many has seen enough. */
const COUNTED_TO = 100_000;

const count = (state: string): string =>
  `(select count(*)::int from (select from webhook_delivery d where d.endpoint_id = e.id and d.state = '${state}' limit ${COUNTED_TO}) c)`;

const columns = `e.id, e.url, e.description, e.types, e.system, e.include_test as "includeTest", e.state, e.disabled_reason as "disabledReason", e.disabled_at as "disabledAt",
  e.failing_since as "failingSince", case when e.previous_until_real > now() then e.previous_until_real end as "previousSecretUntil", e.heard_real as "heardUntil",
  ${count('queued')} as queued, ${count('dead')} as dead, e.created_at as "createdAt", e.updated_at as "updatedAt"`;

/** All endpoints, oldest first. */
export async function listEndpoints(tx: Queryable): Promise<Endpoint[]> {
  const { rows } = await tx.query<Endpoint>(`select ${columns} from webhook_endpoint e order by e.id`);
  return rows;
}

/** One of them. Throws `not_found`. */
export async function requireEndpoint(tx: Queryable, id: string): Promise<Endpoint> {
  const { rows } = await tx.query<Endpoint>(`select ${columns} from webhook_endpoint e where e.id = $1`, [id]);
  if (!rows[0]) throw new TendrilError('not_found', 'There is no such endpoint');
  return rows[0];
}

/** Makes one; it hears what happens from now on. Throws `conflict` where there are too many. */
export async function addEndpoint(tx: Queryable, { url, description, types, system, includeTest }: NewEndpoint): Promise<Endpoint> {
  await tx.query(`select pg_advisory_xact_lock(hashtext('webhook_endpoint'))`);
  const { rows } = await tx.query<{ id: string }>(
    `insert into webhook_endpoint (url, description, types, system, include_test)
     select $1, $2, $3, $4, $5 where (select count(*) from webhook_endpoint) < ${MOST_ENDPOINTS}
     returning id`,
    [url, description, types, system, includeTest],
  );
  if (!rows[0])
    throw new TendrilError('conflict', `There are ${MOST_ENDPOINTS} endpoints, which is the most; delete one that is not needed`);
  return requireEndpoint(tx, rows[0].id);
}

/** What may be changed; what is absent stays. */
export type EndpointChange = Partial<NewEndpoint> & {
  state?: 'enabled' | 'disabled';
  /** On enabling: what happened meanwhile is told (`told`), or never (`skipped`). */
  missed?: 'told' | 'skipped';
};

/** Changes one. Enabled again, it is tried at once. Throws `not_found`. */
export async function changeEndpoint(tx: Queryable, id: string, change: EndpointChange): Promise<Endpoint> {
  const { state, missed = 'told', ...rest } = change;
  const { rowCount } = await tx.query(
    `update webhook_endpoint e
        set url = coalesce($2, url), description = coalesce($3, description), types = coalesce($4::text[], types),
            system = case when $5 then $6 else system end, include_test = coalesce($7, include_test),
            state = coalesce($8, state),
            disabled_at = case $8 when 'enabled' then null when 'disabled' then coalesce(disabled_at, clock()) else disabled_at end,
            disabled_reason = case $8 when 'enabled' then null when 'disabled' then coalesce(disabled_reason, 'by hand') else disabled_reason end,
            failing_since = case when $8 = 'enabled' then null else failing_since end,
            held_until = case when $8 = 'enabled' then null else held_until end,
            heard_real = case when $8 = 'enabled' and state = 'disabled' and $9 then clock_timestamp() else heard_real end,
            updated_at = clock()
      where e.id = $1`,
    [
      id,
      rest.url ?? null,
      rest.description ?? null,
      rest.types ?? null,
      rest.system !== undefined,
      rest.system ?? null,
      rest.includeTest ?? null,
      state ?? null,
      missed === 'skipped',
    ],
  );
  if (rowCount === 0) throw new TendrilError('not_found', 'There is no such endpoint');
  if (state === 'enabled') await closeAlerts(tx, 'webhook_disabled', [id]);
  return requireEndpoint(tx, id);
}

/** Deletes one, with what it has not been told yet. False when there was none. */
export async function deleteEndpoint(tx: Queryable, id: string): Promise<boolean> {
  const { rowCount } = await tx.query('delete from webhook_endpoint where id = $1', [id]);
  await closeAlerts(tx, 'webhook_disabled', [id]);
  await closeAlerts(tx, 'webhook_dead', [id]);
  return rowCount === 1;
}

/** Another secret; the one before is good for a day more. Answers the generation of the new one. Throws `not_found`, or `conflict` within that day. */
export async function rotateSecret(tx: Queryable, id: string): Promise<{ generation: number; previousUntil: Date }> {
  const { rows } = await tx.query<{ generation: number; previousUntil: Date }>(
    `update webhook_endpoint set generation = generation + 1, previous_until_real = now() + interval '${BOTH_SECRETS_HOURS} hours', updated_at = clock()
      where id = $1 and coalesce(previous_until_real <= now(), true)
     returning generation, previous_until_real as "previousUntil"`,
    [id],
  );
  if (rows[0]) return rows[0];
  await requireEndpoint(tx, id);
  throw new TendrilError(
    'conflict',
    `The secret was changed within the last ${BOTH_SECRETS_HOURS} hours, and the one before is still good`,
  );
}
