import { ENDPOINT_LIMIT } from '../../domain/webhooks/delivery.ts';
import { late, type Rule } from './rule.ts';

/** Whoever wants to be told is told. */
export const webhookRules: Rule[] = [
  {
    check: 'feed-behind',
    what: 'What happens is made into messages within moments, for every endpoint that is enabled',
    mend: 'Is a worker running, and Temporal reachable? See /readyz; an endpoint that has asked for days past catches up by itself',
    sql: `select e.id, e.heard_real as "heardUntil" from webhook_endpoint e, w where e.state = 'enabled' and e.heard_real < w.real - make_interval(secs => w.grace)`,
  },
  {
    check: 'message-overdue',
    what: 'A message that may go goes soon, and one whose worker vanished goes again',
    mend: 'Is a worker running, and Temporal reachable? See /readyz',
    sql: `select d.endpoint_id as "endpointId", d.message_id as "messageId", d.state, d.due_at as "dueAt"
            from webhook_endpoint e cross join w cross join lateral (
              (select d.* from webhook_delivery d
                where d.endpoint_id = e.id and d.state = 'queued' and e.failing_since is null and ${late('d.due_at')}
                  and (select count(*) from webhook_delivery b where b.endpoint_id = e.id and b.state = 'claimed') < ${ENDPOINT_LIMIT}
                order by d.due_at limit 1)
              union all
              (select d.* from webhook_delivery d
                where d.endpoint_id = e.id and d.state = 'claimed' and d.claimed_until_real < w.real - make_interval(secs => w.grace) limit 1)) d
           where e.state = 'enabled' and coalesce(e.held_until <= w.now, true)`,
  },
  {
    check: 'message-lost',
    what: 'A message that waits is there to be sent',
    mend: 'Delete the delivery: what it said has been forgotten',
    sql: `select d.endpoint_id as "endpointId", d.message_id as "messageId" from webhook_endpoint e join webhook_delivery d on d.endpoint_id = e.id and d.state in ('queued', 'claimed')
           where not exists (select from webhook_message m where m.id = d.message_id)`,
  },
  {
    check: 'endpoint-disabled',
    what: 'Endpoints that were disabled since nothing arrived there',
    mend: 'Find out what became of them, then enable them: they are told what they have missed. Or delete them',
    sql: `select id, disabled_reason as reason, disabled_at as "disabledAt" from webhook_endpoint where state = 'disabled' and disabled_reason <> 'by hand'`,
    listOnly: true,
  },
  {
    check: 'message-dead',
    what: 'Messages that were given up after their last attempt',
    mend: 'Mend the receiver, then: tendril webhook replay ENDPOINT --dead',
    sql: `select endpoint_id as "endpointId", message_id as "messageId", status, reason from webhook_delivery where state = 'dead'`,
    listOnly: true,
  },
];
