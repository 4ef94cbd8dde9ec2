import { normaliseEmail } from '../domain/identity/email.ts';
import type { Loop } from '../domain/loops.ts';
import { isActive } from './enrolments.ts';
import { writeJournal } from './journal.ts';
import type { Queryable } from './pool.ts';
import { lockLeads } from './wakes.ts';

/** What came of one person: `started`, or why not. */
export const startStates = [
  'started',
  'already_running',
  'in_sequence',
  'in_campaign',
  'suppressed',
  'no_address',
  'no_owner',
  'unknown',
] as const;
export type StartState = (typeof startStates)[number];

/** A person as they are named: by id, or by address. */
export type NamedLead = { leadId: string } | { email: string };

export interface NewRuns {
  campaignId: string;
  versionId: string;
  firstStep: string;
  /** Campaigns may mail them meanwhile. */
  withCampaigns: boolean;
  people: readonly NamedLead[];
  /** Null: whoever has each lead, of their open opportunity, else of their account. */
  repId: string | null;
  /** What to do with somebody whom a campaign mails: leave them to it, or let its marketing wait. */
  inCampaign: 'refuse' | 'wait';
  /** `{{params.entry.…}}` in the letters. */
  properties: Record<string, unknown>;
  /** Who started them, for the journal. */
  by: string;
}

export interface Started {
  state: StartState;
  leadId: string | null;
  runId: string | null;
}

/**
 * Begins a run for each of these people, in a fixed number of statements; answers what came of each, in their order, and the loops to poke. Whoever
 * refused mail, or is written to already, is left alone.
 */
export async function startRuns(tx: Queryable, asked: NewRuns): Promise<{ people: Started[]; loops: Loop[] }> {
  const leadIds = await leadsNamed(tx, asked.people);
  const known = [...new Set(leadIds.flatMap((id) => id ?? []))];
  await lockLeads(tx, known);
  const standing = await standingOf(tx, asked, known);
  const seen = new Set<string>();
  const states = leadIds.map((leadId): StartState => {
    if (leadId === null) return 'unknown';
    // Named twice: the first one begins.
    if (seen.has(leadId)) return 'already_running';
    seen.add(leadId);
    return stateOf(standing.get(leadId)!, asked);
  });
  const starting = leadIds.flatMap((leadId, i) => (states[i] === 'started' ? [{ leadId: leadId!, ...standing.get(leadId!)! }] : []));
  const runs = await insert(tx, asked, starting);
  await writeJournal(
    tx,
    [...runs].map(([leadId, { id, rep }]) => ({
      kind: 'entered',
      leadId,
      campaignId: asked.campaignId,
      enrolmentId: id,
      seq: 0,
      stepId: asked.firstStep,
      because: { rule: 'run', name: rep, by: asked.by },
    })),
  );
  const people = leadIds.map((leadId, i): Started => {
    const run = states[i] === 'started' ? runs.get(leadId!) : undefined;
    if (states[i] === 'started' && !run) return { state: 'already_running', leadId, runId: null };
    return { state: states[i]!, leadId, runId: run?.id ?? null };
  });
  const loops = [...runs.values()].map(({ id }): Loop => ({ kind: 'sequence', enrolmentId: id }));
  return { people, loops };
}

async function leadsNamed(tx: Queryable, people: readonly NamedLead[]): Promise<(string | null)[]> {
  const { rows } = await tx.query<{ id: string | null }>(
    `select l.id from unnest($1::uuid[], $2::text[]) with ordinality as w (lead_id, email, n)
       left join lead_identity i on i.kind = 'email' and i.value = w.email
       left join lead l on l.id = coalesce(w.lead_id, i.lead_id) order by w.n`,
    [people.map((one) => ('leadId' in one ? one.leadId : null)), people.map((one) => ('email' in one ? normaliseEmail(one.email) : null))],
  );
  return rows.map((row) => row.id);
}

interface Standing {
  hasAddress: boolean;
  suppressed: boolean;
  running: boolean;
  inSequence: boolean;
  inCampaign: boolean;
  repId: string | null;
}

async function standingOf(tx: Queryable, { campaignId, repId }: NewRuns, leadIds: readonly string[]): Promise<Map<string, Standing>> {
  const { rows } = await tx.query<Standing & { leadId: string }>(
    `select l.id as "leadId", l.email is not null as "hasAddress",
            exists (select from suppression p where p.address = lower(l.email)) as suppressed,
            coalesce(w.running, false) as running, coalesce(w.in_sequence, false) as "inSequence", coalesce(w.in_campaign, false) as "inCampaign",
            coalesce($3::uuid, o.owner_rep_id, a.owner_rep_id) as "repId"
       from lead l
       left join lateral (
         select bool_or(e.rep_id is not null and e.campaign_id = $2) as running, bool_or(e.rep_id is not null and e.campaign_id <> $2) as in_sequence,
                bool_or(e.rep_id is null and v.marketing and not e.holdout) as in_campaign
           from enrolment e join campaign_version v on v.id = e.version_id where e.lead_id = l.id and ${isActive('e')}) w on true
       left join lateral (
         select op.owner_rep_id from opportunity_lead ol join opportunity op on op.id = ol.opportunity_id join rep r on r.id = op.owner_rep_id and r.active
          where ol.lead_id = l.id and op.closed_at is null and op.state in ('accepted', 'touched') order by op.created_at desc limit 1) o on $3::uuid is null
       left join lateral (
         select r.id as owner_rep_id from account c join rep r on r.id = c.owner_rep_id and r.active where c.id = l.account_id) a on $3::uuid is null
      where l.id = any($1::uuid[])`,
    [leadIds, campaignId, repId],
  );
  return new Map(rows.map(({ leadId, ...standing }) => [leadId, standing]));
}

function stateOf(one: Standing, { withCampaigns, inCampaign }: NewRuns): StartState {
  if (!one.hasAddress) return 'no_address';
  if (one.suppressed) return 'suppressed';
  if (one.running) return 'already_running';
  if (one.inSequence) return 'in_sequence';
  if (one.inCampaign && !withCampaigns && inCampaign === 'refuse') return 'in_campaign';
  return one.repId === null ? 'no_owner' : 'started';
}

/** The runs that began, by lead. */
async function insert(
  tx: Queryable,
  { campaignId, versionId, firstStep, withCampaigns, properties }: NewRuns,
  starting: readonly { leadId: string; repId: string | null }[],
): Promise<Map<string, { id: string; rep: string }>> {
  if (starting.length === 0) return new Map();
  const { rows } = await tx.query<{ id: string; leadId: string; rep: string }>(
    `with begun as (
       insert into enrolment (campaign_id, version_id, lead_id, slot, step_id, arrived_at, due_at, entered_at, entry, test, rep_id, with_campaigns)
       select $1, $2, l.id, l.slot, $3, (select clock()), (select clock()), (select clock()), $4, l.test, w.rep_id, $5
         from unnest($6::uuid[], $7::uuid[]) with ordinality as w (lead_id, rep_id, n) join lead l on l.id = w.lead_id order by w.n
       on conflict (campaign_id, lead_id, key) where state = 'active' do nothing
       returning id, lead_id, rep_id)
     select b.id, b.lead_id as "leadId", r.name as rep from begun b join rep r on r.id = b.rep_id order by b.id`,
    [
      campaignId,
      versionId,
      firstStep,
      JSON.stringify(properties),
      withCampaigns,
      starting.map(({ leadId }) => leadId),
      starting.map(({ repId }) => repId),
    ],
  );
  return new Map(rows.map(({ leadId, ...run }) => [leadId, run]));
}
