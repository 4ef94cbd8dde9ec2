import type { RoutingDocument } from '../../domain/routing/document.ts';
import { route, type Routed } from '../../domain/routing/route.ts';
import { createTally, type Trial } from '../../domain/routing/trial.ts';
import type { Queryable } from '../pool.ts';
import { compile, loadRouting, type RoutingGround } from './ground.ts';
import { type Ask, askedWith, loadSubjects } from './subjects.ts';

/** How many opportunities one statement reads, and how many are looked at in all. */
const CHUNK = 1_000;
const MOST = 50_000;

interface Opened extends Ask {
  leadId: string;
  id: string;
  at: string;
  email: string | null;
  /** Who was there already, as it was noted when it was routed; else as far as it can be told today. */
  owners: { account?: string; opportunity?: string };
}

/**
 * Routes everything that was opened since by the present and by other rules, and counts what would change. Facts of leads and accounts are those
 * of today. Read in chunks, each a snapshot of its own; nothing is written.
 */
export async function tryRouting(tx: Queryable, document: RoutingDocument, since: Date): Promise<Trial> {
  const ground = await loadRouting(tx);
  const rules = await compile(tx, document, null);
  const tally = createTally();
  let place = { at: since.toISOString(), id: NIL };
  let looked = 0;
  for (let full = true; full && looked < MOST;) {
    const opened = await openedAfter(tx, place);
    for (const { opened: one, before, after } of await routeBoth(tx, opened, ground, rules)) tally.add(one, before, after);
    looked += opened.length;
    full = opened.length === CHUNK;
    const last = opened.at(-1);
    if (last) place = { at: last.at, id: last.id };
  }
  return tally.result(looked < MOST);
}

const NIL = '00000000-0000-0000-0000-000000000000';

async function openedAfter(tx: Queryable, { at, id }: { at: string; id: string }): Promise<Opened[]> {
  const { rows } = await tx.query<Opened>(
    `select o.id, o.created_at::text as at, l.email, o.lead_id as "leadId", o.source, o.product_line as "productLine",
            ${askedWith} as asked,
            case when o.routing is not null then coalesce(o.routing -> 'owners', '{}')
                 else jsonb_strip_nulls(jsonb_build_object('account', (
                   select r.key from account a join rep r on r.id = a.owner_rep_id and r.active where a.id = o.account_id and a.owner_rep_id is distinct from o.owner_rep_id)))
                 end as owners
       from opportunity o join lead l on l.id = o.lead_id join pool p on p.id = o.pool_id
      where (o.created_at, o.id) > ($1::timestamptz, $2::uuid) and not o.test
      order by o.created_at, o.id limit ${CHUNK}`,
    [at, id],
  );
  return rows;
}

async function routeBoth(
  tx: Queryable,
  opened: readonly Opened[],
  { rules: present, staff }: RoutingGround,
  other: RoutingGround['rules'],
): Promise<{ opened: Opened; before: Routed; after: Routed }[]> {
  if (opened.length === 0) return [];
  const known = await loadSubjects(tx, opened, { leaves: [...present.leaves, ...other.leaves] });
  return known.map(({ subject: today }, n) => {
    const { account = null, opportunity = null } = opened[n]!.owners;
    const subject = { ...today, owners: { account, opportunity } };
    return { opened: opened[n]!, before: route(present, staff, subject), after: route(other, staff, subject) };
  });
}
