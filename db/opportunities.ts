import { TendrilError } from '../domain/errors.ts';
import { type Loop, qualificationOf } from '../domain/loops.ts';
import { moveStage } from './lifecycle.ts';
import type { Queryable } from './pool.ts';
import { type Joined, tellOwners } from './joined.ts';
import { noteHints } from './routing/conflicts.ts';
import { type Decision, decideRoutes } from './routing/decisions.ts';
import { goGreen } from './routing/green.ts';
import { lockLeads, wakeLeads } from './wakes.ts';

/** Somebody to hand to sales. */
export interface HandOff {
  leadId: string;
  source: 'form' | 'campaign' | 'score' | 'api';
  /** Key of the pool that was asked for; null or unknown: where the routing rules say. Of `score` it is only where those go whom no rule sends anywhere. */
  pool?: string | null;
  productLine?: string;
  enrolmentId?: string | null;
  /** Asked for sales themselves: assigned before the rest. */
  urgent?: boolean;
  /** Marketing goes on while it is open. */
  nurture?: boolean;
  /** Which rule, which values: kept with the opportunity and in the journal. */
  because: Record<string, unknown>;
}

export interface HandedOff {
  opportunityId: string;
  leadId: string;
  /** False: the account (or lead) had an open opportunity already, and the lead has joined it. */
  created: boolean;
  /** Managers are told of it at once. */
  told?: boolean;
}

interface Numbered extends HandOff {
  n: number;
  decision: Decision;
}

/** Found neither created nor open: it was closed in between. More than a few times in a row does not happen. */
const ATTEMPTS = 5;

/**
 * Hands leads to sales: one open opportunity per account and product line, per lead where there is no account; where there is
 * one already, the lead joins it. Who is to have a new one, the routing rules say. A fixed number of statements whatever the number of requests; answers in their order.
 * Takes the leads' locks itself, moves them to `mql` and wakes them. After the commit the caller pokes `loopsOfHandOff`.
 * Throws `not_found` for a lead that is not there.
 */
export async function handOff(tx: Queryable, requests: readonly HandOff[]): Promise<HandedOff[]> {
  if (requests.length === 0) return [];
  const leadIds = [...new Set(requests.map((request) => request.leadId))].toSorted();
  await lockLeads(tx, leadIds);
  await requireLeads(tx, leadIds);
  await ensurePool(tx);
  const decisions = await decideRoutes(tx, requests.map(askOf));
  const numbered = requests.map((request, n) => ({ ...request, n, decision: decisions[n]! }));

  const open = new Map<number, string>();
  const createdBy = new Map<number, string>();
  for (let attempt = 1; open.size < requests.length; attempt++) {
    if (attempt > ATTEMPTS) throw new TendrilError('conflict', 'These opportunities are being opened and closed by others at this moment');
    const missing = numbered.filter(({ n }) => !open.has(n));
    for (const { n, id } of await insertNew(tx, missing)) createdBy.set(n, id);
    for (const { n, id } of await lockOpen(tx, missing)) open.set(n, id);
  }

  const answer = numbered.map(({ n, leadId }) => ({ opportunityId: open.get(n)!, leadId, created: createdBy.get(n) === open.get(n) }));
  await tellOwners(tx, await addLeads(tx, numbered, answer));
  const told = await tellManagers(tx, numbered, answer);
  await moveStage(tx, leadIds, 'qualified');
  await wakeLeads(tx, leadIds);
  return told ? answer.map((one) => ({ ...one, told })) : answer;
}

const askOf = ({ leadId, source, productLine = '', pool = null }: HandOff) => ({
  leadId,
  source,
  productLine,
  asked: source === 'score' ? null : pool,
});

/** What managers hear of at once: the green channel, and who may be of a firm that is somebody's already. */
async function tellManagers(tx: Queryable, requests: Numbered[], answer: HandedOff[]): Promise<boolean> {
  const green = requests.flatMap(({ n, decision }) =>
    decision.routed.vip === undefined ? [] : [{ opportunityId: answer[n]!.opportunityId, rule: decision.routed.vip }],
  );
  const hints = requests.flatMap(({ n, decision: { hint, repId } }) =>
    hint && answer[n]!.created && hint.repId !== repId ? [{ opportunityId: answer[n]!.opportunityId, ...hint }] : [],
  );
  const [greened, hinted] = [await goGreen(tx, green), await noteHints(tx, hints)];
  return greened || hinted;
}

/** The loops to poke after the commit: each opportunity's own, and the lane of mails to reps where somebody has joined one or managers are told. */
export function loopsOfHandOff(handed: readonly HandedOff[]): Loop[] {
  const cases = [...new Set(handed.map(({ opportunityId }) => opportunityId))];
  return [
    ...qualificationOf(cases),
    ...(handed.some(({ created, told }) => !created || told) ? [{ kind: 'delivery', lane: 'internal' } as const] : []),
  ];
}

async function requireLeads(tx: Queryable, leadIds: string[]): Promise<void> {
  const { rows } = await tx.query<{ n: number }>('select count(*)::int as n from lead where id = any($1::uuid[])', [leadIds]);
  if (rows[0]!.n < leadIds.length) throw new TendrilError('not_found', 'There is no such lead');
}

/** A workspace without pools gets one: a lead stands in a named queue, never nowhere. */
export async function ensurePool(tx: Queryable): Promise<void> {
  await tx.query(`insert into pool (key, name) select 'sales', 'Sales' where not exists (select from pool) on conflict do nothing`);
}

/** Opens what nobody has opened; of several requests for one account the first opens it. Waits for others who are just opening the same. */
async function insertNew(tx: Queryable, requests: Numbered[]): Promise<{ n: number; id: string }[]> {
  const { rows } = await tx.query<{ n: number; id: string }>(
    `with asked as (
       select a.*, l.account_id, l.test, coalesce(l.account_id, l.id) as who
         from unnest($1::int[], $2::uuid[], $3::text[], $4::uuid[], $5::text[], $6::uuid[], $7::boolean[], $8::boolean[], $9::jsonb[], $10::uuid[], $11::text[], $12::jsonb[])
           as a (n, lead_id, product_line, pool_id, source, enrolment_id, urgent, nurture, because, rep_id, rule, routing)
         join lead l on l.id = a.lead_id),
     firsts as (select distinct on (who, product_line) * from asked order by who, product_line, n),
     opened as (
       insert into opportunity (account_id, lead_id, product_line, pool_id, source, enrolment_id, urgent, nurture, because, test, next_look_at, asked_rep_id, rule, routing)
       select account_id, lead_id, product_line, pool_id, source, enrolment_id, urgent, nurture, because, test, clock(), rep_id, rule, routing
         from firsts order by who, product_line
       on conflict do nothing
       returning id, lead_id, product_line)
     select f.n, o.id from opened o join firsts f using (lead_id, product_line)`,
    [
      requests.map((r) => r.n),
      requests.map((r) => r.leadId),
      requests.map((r) => r.productLine ?? ''),
      requests.map((r) => r.decision.poolId),
      requests.map((r) => r.source),
      requests.map((r) => r.enrolmentId ?? null),
      requests.map((r) => r.urgent ?? false),
      requests.map((r) => r.nurture ?? false),
      requests.map((r) => JSON.stringify(r.because)),
      requests.map((r) => r.decision.repId),
      requests.map((r) => r.decision.routed.rule),
      requests.map((r) => JSON.stringify(r.decision.routed)),
    ],
  );
  return rows;
}

/**
 * The open opportunity of each request, locked in id order, so that none closes before the lead has joined. Looked up one by one inside
 * the statement (`lateral … limit 1` over the two unique indexes): a join would trust statistics that a fresh table does not have.
 */
async function lockOpen(tx: Queryable, requests: Numbered[]): Promise<{ n: number; id: string }[]> {
  const { rows } = await tx.query<{ n: number; id: string }>(
    `with asked as materialized (
       select a.n, coalesce(by_account.id, by_lead.id) as id
         from unnest($1::int[], $2::uuid[], $3::text[]) as a (n, lead_id, product_line)
         join lateral (select l.account_id from lead l where l.id = a.lead_id limit 1) l on true
         left join lateral (
           select o.id from opportunity o
            where o.account_id = l.account_id and o.product_line = a.product_line and o.closed_at is null limit 1) by_account on true
         left join lateral (
           select o.id from opportunity o
            where l.account_id is null and o.account_id is null and o.lead_id = a.lead_id and o.product_line = a.product_line and o.closed_at is null
            limit 1) by_lead on true)
     select asked.n, o.id from opportunity o join asked using (id) where o.closed_at is null order by o.id for no key update of o`,
    [requests.map((r) => r.n), requests.map((r) => r.leadId), requests.map((r) => r.productLine ?? '')],
  );
  return rows;
}

/** Puts the leads on their opportunities and journals each that was not there; one that asks for sales themselves makes a queued one urgent. */
async function addLeads(tx: Queryable, requests: Numbered[], answer: HandedOff[]): Promise<Joined[]> {
  const { rows } = await tx.query<Joined & { kind: string }>(
    `with given as (
       select distinct on (opportunity_id, lead_id) *
         from unnest($1::int[], $2::uuid[], $3::uuid[], $4::boolean[], $5::uuid[], $6::jsonb[])
           as g (n, opportunity_id, lead_id, created, enrolment_id, because)
        order by opportunity_id, lead_id, n),
     added as (
       insert into opportunity_lead (opportunity_id, lead_id) select opportunity_id, lead_id from given
       on conflict do nothing returning opportunity_id, lead_id)
     insert into journal (kind, lead_id, campaign_id, enrolment_id, opportunity_id, because)
     select case when g.created then 'handed_off' else 'joined' end, g.lead_id, e.campaign_id, g.enrolment_id, g.opportunity_id, g.because
       from given g join added using (opportunity_id, lead_id) left join enrolment e on e.id = g.enrolment_id
      order by g.n
     returning kind, opportunity_id as "opportunityId", lead_id as "leadId", because`,
    [
      requests.map((r) => r.n),
      answer.map((a) => a.opportunityId),
      requests.map((r) => r.leadId),
      answer.map((a) => a.created),
      requests.map((r) => r.enrolmentId ?? null),
      requests.map((r, i) => JSON.stringify(answer[i]!.created ? { ...r.because, routing: r.decision.routed } : r.because)),
    ],
  );
  const urgent = answer.filter((a, n) => !a.created && requests[n]!.urgent).map((a) => a.opportunityId);
  if (urgent.length > 0) await tx.query(`update opportunity set urgent = true where id = any($1::uuid[]) and state = 'queued'`, [urgent]);
  return rows.filter((row) => row.kind === 'joined');
}
