import type { Rule } from './rule.ts';

/** The newest document's rules, one a row. */
const rules = `(select r.rule from (select body from document where kind = 'routing' and key = 'default' order by version desc limit 1) d,
   jsonb_array_elements(d.body -> 'rules') as r (rule)) r`;

/** Who gets a lead is said by rules that can be followed, and two at one account are somebody's decision. */
export const routingRules: Rule[] = [
  {
    check: 'routing-names',
    what: 'Every rule of the routing document names a pool that is there and a rep who is active',
    mend: 'Change the rule (routing.yaml); meanwhile it is passed over, and those it means go by the rules after it',
    sql: `select r.rule ->> 'key' as rule, r.rule -> 'to' as "to" from ${rules}
           where (r.rule #>> '{to,pool}') is not null and not exists (select from pool p where p.key = r.rule #>> '{to,pool}')
              or (r.rule #>> '{to,rep}') is not null and not exists (select from rep p where p.key = r.rule #>> '{to,rep}' and p.active)`,
    listOnly: true,
  },
  {
    check: 'routing-conflicts',
    what: 'Nobody but the account’s owner has taken an opportunity of it unless it is noted as a conflict',
    mend: 'Say who has the account: PUT /v1/accounts/{id}/owner notes it, and a manager settles it (tendril routing conflicts)',
    sql: `select o.id, o.account_id as "accountId" from opportunity o join account a on a.id = o.account_id join rep r on r.id = a.owner_rep_id and r.active
           where o.closed_at is null and o.state in ('accepted', 'touched') and not o.test and a.owner_rep_id <> o.owner_rep_id
             and not exists (select from routing_conflict c where c.opportunity_id = o.id and c.account_id = a.id and c.rep_id = a.owner_rep_id)`,
    listOnly: true,
  },
  {
    check: 'routing-unsettled',
    what: 'No two reps at one account wait for a manager longer than a week',
    mend: 'Settle it: tendril routing conflicts, then tendril routing settle ID --both or --give REP',
    sql: `select c.id, c.kind from routing_conflict c, w where c.settled_at is null and c.noted_at < w.now - interval '7 days' order by c.id desc`,
    listOnly: true,
  },
];
