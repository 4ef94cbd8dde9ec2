import type { Workspace } from './workspace.ts';

/** Where the journal, the ledger, the Outbox and the counters do not say the same. Once everything has settled there is nothing. */
export async function disagreements({ pool }: Workspace): Promise<unknown[]> {
  const { rows } = await pool.query<object>(
    `with told as (
       select enrolment_id, step_id, because ->> 'mail' as mail, count(*) over (partition by enrolment_id, step_id) as times
         from journal where kind = 'stepped' and because ->> 'rule' = 'sent')
     select 'told of a mail that is not in the ledger, or ended otherwise' as what, t.enrolment_id, t.step_id from told t
      where not exists (select from send s where s.enrolment_id = t.enrolment_id and s.step_id = t.step_id and s.state = t.mail)
     union all
     select 'told twice', enrolment_id, step_id from told where times > 1
     union all
     select 'a mail that nobody told of', s.enrolment_id, s.step_id from send s join enrolment e on e.id = s.enrolment_id
      where not exists (select from told t where t.enrolment_id = s.enrolment_id and t.step_id = s.step_id)
        and not (e.state in ('exited', 'goal') and s.state in ('accepted', 'cancelled', 'suppressed'))
     union all
     select 'accepted and not in the Outbox once', s.enrolment_id, s.step_id from send s
      where s.state = 'accepted' and (select count(*) from captured_mail m where m.send_key = s.send_key) <> 1
     union all
     select 'in the Outbox and not accepted', null, m.send_key from captured_mail m
      where not exists (select from send s where s.send_key = m.send_key and s.state = 'accepted')
     union all
     select 'counted otherwise', p.campaign_id, p.step_id
       from (select campaign_id, step_id, sum(passed) as passed from step_passed group by 1, 2) p
       full join (select campaign_id, step_id, count(*) as passed from journal where kind = 'stepped' group by 1, 2) j using (campaign_id, step_id)
      where p.passed is distinct from j.passed`,
  );
  return rows;
}
