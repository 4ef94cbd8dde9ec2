import { doctor } from '../../../db/doctor.ts';
import type { Firm } from './firm.ts';

/** SQL: a line of the journal (read once, as `told`) about opportunity `o`. */
const told = (that: string): string => `exists (select from told j where j.opportunity_id = o.id and ${that})`;
const RETURNED = `'handed_off', 'passed_on', 'rerouted', 'opportunity_reassigned', 'opportunity_rejected', 'moved_on', 'pool_changed', 'partner_returned', 'held'`;

/** What is never so, whatever happened a moment ago, with what has been done or has not. */
const NEVER: Record<string, string> = {
  'an open opportunity is in no queue and nobody has it': `o.closed_at is null and not (
     o.state = 'queued' and o.owner_rep_id is null and exists (select from pool p where p.id = o.pool_id)
     or o.state in ('offered', 'accepted', 'touched') and exists (select from rep r where r.id = o.owner_rep_id))`,
  'an open opportunity has no timer': 'o.closed_at is null and o.next_look_at is null',
  'nobody can say by which rule it was routed': 'o.rule is null or o.routing is null',
  'nobody can say why it is in the queue': `o.state = 'queued' and not ${told(`j.kind in (${RETURNED})`)}`,
  'nobody can say why it is offered to them': `o.state = 'offered' and not
     ${told(`j.kind = 'offered' and j.because ->> 'epoch' = o.epoch::text and j.because ->> 'rep' = o.owner_rep_id::text`)}`,
  'nobody can say why it is theirs': `o.state in ('accepted', 'touched') and not
     ${told(`j.kind in ('opportunity_accepted', 'opportunity_handed_over') and j.because ->> 'rep' = o.owner_rep_id::text`)}`,
  'two are open of one company and product line': `o.closed_at is null and exists (
     select from opportunity b where b.closed_at is null and b.id <> o.id and b.product_line = o.product_line
        and coalesce(b.account_id, b.lead_id) = coalesce(o.account_id, o.lead_id))`,
  'it is closed and nobody can say why': `o.closed_at is not null and not (
     o.state in ('rejected', 'recycled') and o.rejected_reason is not null and ${told(`j.kind = 'opportunity_rejected'`)}
     or o.state in ('won', 'lost') and ${told(`j.kind = 'opportunity_' || o.state`)})`,
  'it is put off for marketing and does not come back': `o.state = 'recycled' and (o.resume_at is null
     or o.next_look_at is distinct from o.resume_at and not ${told(`j.kind = 'opportunity_resumed'`)})`,
  'a partner may keep it for ever': `o.state in ('queued', 'offered') and o.returns_to_pool is not null and o.return_at is null and o.next_look_at > clock()`,
  'it is with a partner when its time is over': `o.state = 'offered' and o.next_look_at > o.return_at`,
};

/** What is never so once all that was due has been done. */
const AT_REST: Record<string, string> = {
  'something is due and is not done': 'o.next_look_at <= clock()',
  'who has it is not there any more': `o.closed_at is null and exists (select from rep r where r.id = o.owner_rep_id and not r.active)`,
  'who is asked for it is not there any more': `o.closed_at is null and exists (select from rep r where r.id = o.asked_rep_id and not r.active)`,
  'it waits and nobody can say for what': `o.state = 'queued' and not ${told(`j.kind = 'held' and j.at = o.held_since`)}`,
  'it waits in the queue of a partner without a clock': `o.state in ('queued', 'offered') and o.return_at is null
     and exists (select from pool p where p.id = o.pool_id and p.settings ? 'partner')`,
};

interface Row {
  id: string;
  state: string;
  epoch: number;
  owner: string | null;
}

/** What is wrong at this moment, in words; nothing when all is well. */
export async function wrongs(firm: Firm, { atRest }: { atRest: boolean }): Promise<string[]> {
  const rules = { ...NEVER, ...(atRest && AT_REST) };
  const { rows } = await firm.pool.query<Row & { wrong: string[] }>(
    `with told as materialized (select opportunity_id, kind, because, at from journal where opportunity_id is not null)
     select o.id, o.state, o.epoch, r.key as owner,
            array_remove(array[${Object.entries(rules)
              .map(([what, sql]) => `case when ${sql} then '${what}' end`)
              .join()}], null) as wrong
       from opportunity o left join rep r on r.id = o.owner_rep_id order by o.id`,
  );
  const found = rows.flatMap(({ id, state, wrong }) => wrong.map((what) => `${what} (${state} ${id})`));
  return [...found, ...sinceLast(firm, rows), ...(await leadsLost(firm)), ...(await wrongOffers(firm, atRest))];
}

/** What may not happen from one moment to the next: that one vanishes or opens again, or is somebody else's while old links still work. */
function sinceLast({ seen }: Firm, rows: readonly Row[]): string[] {
  const now = new Map(rows.map((row) => [row.id, row]));
  const wrong = [...seen.cases].flatMap(([id, before]) => {
    const after = now.get(id);
    if (!after) return [`it is gone (${id})`];
    const found: string[] = [];
    if (after.epoch < before.epoch) found.push(`its epoch has gone back (${id})`);
    if (CLOSED.has(before.state) && !CLOSED.has(after.state)) found.push(`it is open again (${id})`);
    if (after.owner !== before.owner && after.epoch === before.epoch)
      found.push(`it went from ${before.owner} to ${after.owner} in one epoch (${id})`);
    return found;
  });
  seen.cases = new Map(rows.map(({ id, ...row }) => [id, row]));
  return wrong;
}

const CLOSED = new Set(['won', 'lost', 'rejected', 'recycled']);

/** Everybody who was ever handed over is on an opportunity. */
async function leadsLost({ pool, seen }: Firm): Promise<string[]> {
  const { rows } = await pool.query<{ leads: number }>('select count(distinct lead_id)::int as leads from opportunity_lead');
  return rows[0]!.leads === seen.leads ? [] : [`${seen.leads} were handed over, ${rows[0]!.leads} are there`];
}

interface Offered {
  key: string;
  id: string;
  epoch: number;
  rep: string;
  by: string;
  despite: string | null;
  present: boolean;
  full: boolean;
}

/**
 * The offers made since: to nobody who is away or has left; in turn to nobody who has too many open. Nobody goes or comes between an offer and this
 * look at it; more may be on somebody's desk by now than when it was offered where some came by name, so that of those only the rest is asked.
 */
async function wrongOffers({ pool, seen }: Firm, atRest: boolean): Promise<string[]> {
  const { rows } = await pool.query<Offered>(
    `select j.id || '' as key, j.opportunity_id as id, (j.because ->> 'epoch')::int as epoch, r.key as rep, j.because ->> 'by' as by, j.because ->> 'despite' as despite,
            r.active and not coalesce(r.absent_from <= clock() and (r.absent_to is null or clock() < r.absent_to), false) as present,
            coalesce((select count(*) from opportunity o where o.owner_rep_id = r.id and o.closed_at is null) > (r.capacity ->> 'open')::int, false) as full
       from journal j join rep r on r.id = (j.because ->> 'rep')::uuid where j.kind = 'offered' order by j.at, j.id`,
  );
  const fresh = rows.filter(({ key }) => !seen.offers.has(key));
  for (const { key, id, epoch, rep } of fresh) {
    seen.offers.add(key);
    seen.links.push({ id, epoch, rep });
  }
  const byName = new Set(fresh.filter(({ by, despite }) => by !== 'rotation' || despite === 'waited').map(({ rep }) => rep));
  return fresh.flatMap(({ id, rep, present, full }) => [
    ...(present ? [] : [`offered to ${rep}, who is away (${id})`]),
    ...(atRest && full && !byName.has(rep) ? [`offered to ${rep}, who has enough (${id})`] : []),
  ]);
}

/** At the end of a run: the doctor finds nothing, and everything can be told in words. */
export async function wrongAtTheEnd(firm: Firm): Promise<string[]> {
  const found = (await doctor(firm.pool, { graceSeconds: 0 })).filter(({ violations, check }) => violations > 0 && SALES.test(check));
  const { rows } = await firm.pool.query<{ path: string }>(
    `select '/v1/opportunities/' || id as path from opportunity union all (select '/v1/leads/' || lead_id || '/why' from opportunity_lead)`,
  );
  const answers = await Promise.all(rows.map(async ({ path }) => ({ path, status: (await firm.get(path)).status })));
  return [
    ...found.map(({ check, sample }) => `the doctor finds ${check}: ${JSON.stringify(sample)}`),
    ...answers.filter(({ status }) => status !== 200).map(({ path, status }) => `${path} answers ${status}`),
  ];
}

const SALES = /^(opportunity|pool|partner|snooze|breach|rep|offboarding|routing|task|stage)-/;
