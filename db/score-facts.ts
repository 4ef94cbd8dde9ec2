import type { Deed } from '../domain/scoring/engagement.ts';
import type { Standing } from '../domain/scoring/hand-over.ts';
import type { ScoringModel } from '../domain/scoring/model.ts';
import type { Grade, Scorable } from '../domain/scoring/score.ts';
import { accountFacts, leadFacts } from './fact-columns.ts';
import type { Queryable } from './pool.ts';

/** A lead with all that its score is made of, and the score it had. */
export interface ScoredLead extends Scorable {
  leadId: string;
  standing: Standing;
  before: { fit: Grade; engagement: number; level: string; qualified: boolean; computedAt: Date } | null;
}

type Row = Scorable['facts'] &
  Omit<Standing, 'before'> & { leadId: string } & {
    [K in keyof NonNullable<ScoredLead['before']>]: NonNullable<ScoredLead['before']>[K] | null;
  };

/** In the order of their ids. Two statements, whatever the number of leads. */
export async function loadScorables(tx: Queryable, leadIds: readonly string[], model: ScoringModel): Promise<ScoredLead[]> {
  const { rows } = await tx.query<Row>(
    `select l.id as "leadId", l.stage, l.test, l.tags,
            ${leadFacts} as lead, ${accountFacts} as account,
            s.fit, s.engagement, s.level, s.qualified, s.computed_at as "computedAt",
            coalesce(o.open, false) as "openOpportunity", o.resume_at as "resumeAt"
       from lead l
       left join account a on a.id = l.account_id
       left join lead_score s on s.lead_id = l.id
       left join lateral (
         select bool_or(o.closed_at is null) as open, (array_agg(o.resume_at order by o.closed_at desc))[1] as resume_at
           from opportunity_lead ol join opportunity o on o.id = ol.opportunity_id
          where ol.lead_id = l.id) o on true
      where l.id = any($1::uuid[])
      order by l.id`,
    [leadIds],
  );
  const deeds = await loadDeeds(tx, leadIds, model);
  return rows.map(
    ({ leadId, lead, account, tags, stage, test, openOpportunity, resumeAt, fit, engagement, level, qualified, computedAt }) => {
      const before = fit === null ? null : { fit, engagement: engagement!, level: level!, qualified: qualified!, computedAt: computedAt! };
      const standing = { stage, test, openOpportunity, resumeAt, before };
      return { leadId, facts: { lead, account, tags, stage }, deeds: deeds.get(leadId) ?? [], standing, before };
    },
  );
}

/** After this many half-lives nothing is left of a deed worth reading: less than a billionth of its points. */
const HALF_LIVES = 32;
/** The most deeds of one kind that are read of one lead, the newest: no machine gone wild makes a score slow. */
const MOST = 2_000;

/** What these leads did that any rule speaks of, with its properties where a rule compares them. */
async function loadDeeds(tx: Queryable, leadIds: readonly string[], { engagement }: ScoringModel): Promise<Map<string, Deed[]>> {
  const names = [...new Set(engagement.rules.map((rule) => rule.event))];
  if (names.length === 0) return new Map();
  const particular = [...new Set(engagement.rules.filter((rule) => rule.particular).map((rule) => rule.event))];
  const reach = HALF_LIVES * Math.max(...engagement.rules.map((rule) => rule.halfLife));
  const { rows } = await tx.query<{ leadId: string; name: string; at: string; properties: Record<string, unknown> | null }>(
    `select lead_id as "leadId", name, floor(extract(epoch from at) * 1000) as at, properties
       from (select lead_id, name, at, case when name = any($3) then properties end as properties,
                    row_number() over (partition by lead_id, name order by at desc) as n
               from event where lead_id = any($1::uuid[]) and name = any($2) and at > clock() - make_interval(secs => $4::float8 / 1000)) e
      where n <= $5`,
    [leadIds, names, particular, reach, MOST],
  );
  const deeds = new Map<string, Deed[]>();
  for (const { leadId, name, at, properties } of rows) {
    const deed = { name, at: Number(at), properties: properties ?? {} };
    const known = deeds.get(leadId);
    if (known) known.push(deed);
    else deeds.set(leadId, [deed]);
  }
  return deeds;
}
