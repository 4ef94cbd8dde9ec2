import type { LeadFacts } from '../../domain/conditions/evaluate.ts';
import type { Rules } from '../../domain/routing/rules.ts';
import type { Subject } from '../../domain/routing/subject.ts';
import { accountFacts, leadFacts } from '../fact-columns.ts';
import { loadFacts } from '../facts.ts';
import type { Queryable } from '../pool.ts';
import { loadSurroundings } from '../surroundings.ts';

/** Somebody to be routed; or, without a lead, a company as it stands. */
export interface Ask {
  leadId: string | null;
  /** Where there is no lead. */
  accountId?: string | null;
  source: Subject['source'];
  productLine: string;
  /** Key of the pool that was asked for. */
  asked: string | null;
  /** Keys of reps who have passed it on. */
  without?: ReadonlySet<string>;
}

/** SQL: key of the pool that opportunity `o`, which stands in pool `p`, was asked for with. */
export const askedWith = `case when o.routing is not null then o.routing ->> 'asked' when o.source <> 'score' then p.key end`;

/** What is known of one that is asked for, and who has the firm of the same name that this one may be. */
export interface Known {
  subject: Subject;
  hint: { accountId: string; repId: string; repKey: string } | null;
}

interface Row {
  n: number;
  lead: LeadFacts['lead'];
  account: LeadFacts['account'];
  stage: string;
  tags: string[];
  domain: string | null;
  language: string | null;
  accountOwner: string | null;
  otherOwner: string | null;
  hint: Known['hint'];
}

/** SQL: the active rep who has an open opportunity of account `a` about something else; who has accepted comes before whom it is offered to. */
const otherOwner = (account: string, productLine: string): string =>
  `(select r.key from opportunity o join rep r on r.id = o.owner_rep_id and r.active
     where o.account_id = ${account} and o.closed_at is null and o.product_line <> ${productLine}
     order by (o.state <> 'offered') desc, o.created_at, o.id limit 1)`;

/**
 * The facts of these, in their order: one statement for who they are and who is there already, and what `loadFacts` needs where a rule has a
 * condition. A fixed number of statements.
 */
export async function loadSubjects(tx: Queryable, asks: readonly Ask[], { leaves }: Pick<Rules, 'leaves'>): Promise<Known[]> {
  const { rows } = await tx.query<Row>(
    `select asked.n, coalesce(${leadFacts}, '{}') as lead, ${accountFacts} as account, coalesce(l.stage, '') as stage, coalesce(l.tags, '{}') as tags, a.domain,
            lower(substring(coalesce(l.attributes ->> 'language', l.locale) from '^[A-Za-z]{2,3}(?=[-_]|$)')) as language,
            (select r.key from rep r where r.id = a.owner_rep_id and r.active) as "accountOwner",
            case when a.id is not null then ${otherOwner('a.id', 'asked.product_line')} end as "otherOwner",
            case when h.rep_id is not null then jsonb_build_object('accountId', l.account_hint_id, 'repId', h.rep_id, 'repKey', h.rep_key) end as hint
       from unnest($1::int[], $2::uuid[], $3::text[], $4::uuid[]) as asked (n, lead_id, product_line, account_id)
       left join lead l on l.id = asked.lead_id
       left join account a on a.id = case when asked.lead_id is null then asked.account_id else l.account_id end
       left join lateral (
         select r.id as rep_id, r.key as rep_key
           from (select b.owner_rep_id as rep_id, 0 as rank from account b where b.id = l.account_hint_id
                 union all
                 select o.owner_rep_id, 1 from opportunity o where o.account_id = l.account_hint_id and o.closed_at is null and o.state in ('accepted', 'touched')) has
           join rep r on r.id = has.rep_id and r.active order by has.rank limit 1) h on l.account_hint_id is not null
      order by asked.n`,
    [asks.map((_, n) => n), asks.map((ask) => ask.leadId), asks.map((ask) => ask.productLine), asks.map((ask) => ask.accountId ?? null)],
  );
  const facts = leaves.length > 0 ? await factsOf(tx, asks, leaves) : null;
  return rows.map(({ n, lead, account, stage, tags, domain, language, accountOwner, otherOwner: opportunity, hint }) => {
    const { source, productLine, asked, without } = asks[n]!;
    const person = { lead, account, stage, tags };
    return {
      subject: {
        facts: { ...(facts?.get(n) ?? NOTHING), ...person },
        domain,
        language,
        source,
        productLine,
        asked,
        owners: { account: accountOwner, opportunity },
        ...(without && { without }),
      },
      hint,
    };
  });
}

const NOTHING = { fit: null, engagement: null, level: null, consents: {}, campaigns: {}, counted: new Map<string, never>() };

/** What conditions look at of those who are people, by their number. */
async function factsOf(tx: Queryable, asks: readonly Ask[], leaves: Rules['leaves']): Promise<Map<number, LeadFacts>> {
  const around = await loadSurroundings(tx);
  const at = { enteredAt: around.now, entryEventId: null, entry: {}, arrivedAt: around.now, waiting: null, enrolmentId: null };
  const people = asks.flatMap(({ leadId }, n) => (leadId === null ? [] : [{ n, ...at, leadId }]));
  const facts = await loadFacts(tx, people, leaves, around);
  return new Map(people.map(({ n }, i) => [n, facts[i]!]));
}
