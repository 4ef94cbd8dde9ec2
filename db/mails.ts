import type { Mail, MailWorkspace } from '../domain/delivery/mail.ts';
import type { Queryable } from './pool.ts';

/** What the claimed mails are made from, in the order of their ids; one statement. */
export async function loadMails(tx: Queryable, ids: readonly string[]): Promise<Mail[]> {
  const { rows } = await tx.query<Mail>(
    `select s.id, s.send_key as "sendKey", s.class, s.template, s.params, s.topic, s.sender, s.lead_id as "leadId", s.enrolment_id as "enrolmentId",
            case when l.id is not null then jsonb_strip_nulls(l.attributes || jsonb_build_object(
              'id', l.id, 'email', l.email, 'phone', l.phone, 'first_name', l.first_name, 'last_name', l.last_name, 'name', l.name, 'title', l.title,
              'company', coalesce(l.company, a.name), 'country', l.country, 'timezone', l.timezone, 'locale', l.locale, 'stage', l.stage)) end as lead,
            case when a.id is not null then jsonb_strip_nulls(a.attributes || jsonb_build_object(
              'name', a.name, 'domain', a.domain, 'country', a.country)) end as account,
            case when r.id is not null then jsonb_build_object('name', r.name, 'email', r.email, 'title', r.title)
                 when s.class = 'internal' and s.params ? 'toAddress' then jsonb_build_object('name', null, 'email', s.params ->> 'toAddress', 'title', null) end as rep,
            case when o.id is not null then jsonb_build_object('name', o.name, 'email', o.email, 'title', o.title) end as owner,
            case when c.id is not null then jsonb_build_object('key', c.key, 'name', c.name) end as campaign
       from send s
       left join lead l on l.id = s.lead_id
       left join account a on a.id = l.account_id
       left join rep r on r.id = s.rep_id
       left join campaign c on c.id = s.campaign_id
       left join lateral (
         select p.owner_rep_id from opportunity_lead ol join opportunity p on p.id = ol.opportunity_id
          where ol.lead_id = l.id and p.closed_at is null and p.state in ('accepted', 'touched')
          order by p.created_at desc limit 1) op on true
       left join rep o on o.id = coalesce(op.owner_rep_id, a.owner_rep_id)
      where s.id = any($1) order by s.id`,
    [ids],
  );
  return rows;
}

/** What every mail says of the firm. */
export async function mailWorkspace(tx: Queryable): Promise<MailWorkspace> {
  const { rows } = await tx.query<MailWorkspace>('select name, postal_address as "postalAddress", timezone from workspace');
  return rows[0]!;
}
