import { userOf } from '../domain/tracking/call.ts';
import type { KnownVisitor, Link } from '../domain/tracking/visitors.ts';
import type { Queryable } from './pool.ts';

/**
 * Makes those who tell of the same visitor wait for each other until the transaction ends, so that no event is stored as an
 * anonymous visitor's while somebody else finds out who that is. Take it before any other lock. Names as of `visitorOf`.
 */
export async function lockVisitors(tx: Queryable, names: Iterable<string>): Promise<void> {
  // Names share 512 locks, for a batch may hold thousands.
  await tx.query(
    `select pg_advisory_xact_lock(1953391983, k)
       from (select distinct abs(hashtext(name) % 512) as k from unnest($1::text[]) as name order by k) as sorted`,
    [[...names]],
  );
}

/** The links among visitors who are no leads yet, from these names on. Of an anonymous id only its latest user is followed. */
export async function linksFrom(tx: Queryable, names: Iterable<string>): Promise<Link[]> {
  const { rows } = await tx.query<Link>(
    `with recursive reach (name) as (
       select unnest($1::text[])
       union
       select l.name from reach r cross join lateral (
         select other as name from visitor_link where user_name = r.name
         union all
         (select user_name from visitor_link where other = r.name
           order by at desc, user_name desc limit case when starts_with(r.name, 'user:') then null else 1 end)) as l)
     select v.user_name as "user", v.other as visitor, v.at from reach r join visitor_link v on v.user_name = r.name
      where v.other in (select name from reach)`,
    [[...names]],
  );
  return rows;
}

/** Who of these visitors is a lead already, by name, and whose these email addresses are. */
export async function knownVisitors(
  tx: Queryable,
  names: Iterable<string>,
  emails: readonly string[],
): Promise<{ visitors: Map<string, KnownVisitor>; byEmail: string[] }> {
  const all = [...names];
  const { rows } = await tx.query<KnownVisitor & { kind: string }>(
    `select i.kind, case i.kind when 'user' then 'user:' || i.value else i.value end as name, i.lead_id as "leadId", l.slot,
            array(select 'user:' || u.value from lead_identity u where u.lead_id = i.lead_id and u.kind = 'user') as users
       from unnest($1::text[], $2::text[]) as g (kind, value) join lead_identity i using (kind, value) join lead l on l.id = i.lead_id`,
    [
      [...all.map((name) => (userOf(name) === null ? 'anonymous' : 'user')), ...emails.map(() => 'email')],
      [...all.map((name) => userOf(name) ?? name), ...emails],
    ],
  );
  const visitors = rows.filter(({ kind }) => kind !== 'email');
  return {
    visitors: new Map(visitors.map((row) => [row.name, row])),
    byEmail: rows.filter(({ kind }) => kind === 'email').map((row) => row.leadId),
  };
}

/** A visitor's name that is now a lead's. `from`: the lead whose events told under this name come along. */
export interface Claim {
  name: string;
  leadId: string;
  from: string | null;
}

/** Gives names to leads, with the events told under them while nobody knew who it was, or while they were another lead's. */
export async function claimVisitors(tx: Queryable, claims: readonly Claim[]): Promise<void> {
  if (claims.length === 0) return;
  const names = claims.map(({ name }) => name);
  const leads = claims.map(({ leadId }) => leadId);
  await tx.query(
    `insert into lead_identity (kind, value, lead_id) select * from unnest($1::text[], $2::text[], $3::uuid[]) as c (kind, value, lead_id) order by kind, value
     on conflict (kind, value) do update set lead_id = excluded.lead_id where lead_identity.lead_id <> excluded.lead_id`,
    [names.map((name) => (userOf(name) === null ? 'anonymous' : 'user')), names.map((name) => userOf(name) ?? name), leads],
  );
  await tx.query(
    `update event e set lead_id = c.lead_id from unnest($1::text[], $2::uuid[]) as c (name, lead_id)
      where e.anonymous_id = c.name and e.lead_id is null`,
    [names, leads],
  );
  // Whoever else used the same browser may still turn out to be somebody: links of other users stay.
  await tx.query('delete from visitor_link where user_name = any($1)', [names]);
  const moved = claims.filter(({ from }) => from !== null);
  if (moved.length === 0) return;
  await tx.query(
    `update event e set lead_id = c.lead_id from unnest($1::text[], $2::uuid[], $3::uuid[]) as c (name, lead_id, was)
      where e.lead_id = c.was and e.anonymous_id = c.name`,
    [moved.map(({ name }) => name), moved.map(({ leadId }) => leadId), moved.map(({ from }) => from)],
  );
}

/** Remembers which names are one visitor, until somebody knows who it is. */
export async function linkVisitors(tx: Queryable, links: readonly Link[]): Promise<void> {
  if (links.length === 0) return;
  await tx.query(
    `insert into visitor_link (user_name, other, at)
     select user_name, other, max(at) from unnest($1::text[], $2::text[], $3::timestamptz[]) as l (user_name, other, at)
      group by user_name, other order by user_name, other
     on conflict (user_name, other) do update set at = greatest(visitor_link.at, excluded.at)`,
    [links.map(({ user }) => user), links.map(({ visitor }) => visitor), links.map(({ at }) => at)],
  );
}
