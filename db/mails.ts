import type { Mail, MailWorkspace } from '../domain/delivery/mail.ts';
import { leadColumns } from './fact-columns.ts';
import type { Queryable } from './pool.ts';

/** What a template may say of a lead besides its attributes, as its columns are called. */
const LEAD_COLUMNS = [...leadColumns, 'stage'] as const;

/** What the claimed mails are made from, in the order of their ids; one statement. Rows come flat: they are read by the thousand. */
export async function loadMails(tx: Queryable, ids: readonly string[]): Promise<Mail[]> {
  const { rows } = await tx.query<FlatMail>(
    `select s.id, s.send_key as "sendKey", s.class, s.template, s.params, s.topic, s.sender, s.lead_id as "leadId", s.enrolment_id as "enrolmentId", s.step_id as "stepId",
            l.attributes as "leadAttributes", ${LEAD_COLUMNS.map((column) => `l.${column}`).join(', ')},
            a.attributes as "accountAttributes", a.name as "accountName", a.domain, a.country as "accountCountry",
            r.name as "repName", r.email as "repEmail", r.title as "repTitle", o.name as "ownerName", o.email as "ownerEmail", o.title as "ownerTitle",
            c.key as "campaignKey", c.name as "campaignName"
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
  return rows.map(mailOf);
}

type Text = string | null;
type FlatMail = Pick<Mail, 'id' | 'sendKey' | 'class' | 'template' | 'params' | 'topic' | 'sender' | 'leadId' | 'enrolmentId' | 'stepId'> &
  Record<(typeof LEAD_COLUMNS)[number], unknown> & {
    leadAttributes: Record<string, unknown> | null;
    accountAttributes: Record<string, unknown> | null;
    accountName: Text;
    domain: Text;
    accountCountry: Text;
    repName: Text;
    repEmail: Text;
    repTitle: Text;
    ownerName: Text;
    ownerEmail: Text;
    ownerTitle: Text;
    campaignKey: Text;
    campaignName: Text;
  };

function mailOf(row: FlatMail): Mail {
  const { id, sendKey, class: kind, template, params, topic, sender, leadId, enrolmentId, stepId } = row;
  return {
    id,
    sendKey,
    class: kind,
    template,
    params,
    topic,
    sender,
    leadId,
    enrolmentId,
    stepId,
    lead: row.leadAttributes && leadOf(row, row.leadAttributes),
    account:
      row.accountAttributes && known({ ...row.accountAttributes, name: row.accountName, domain: row.domain, country: row.accountCountry }),
    rep: toWhom(row),
    owner: row.ownerName === null ? null : { name: row.ownerName, email: row.ownerEmail!, title: row.ownerTitle },
    campaign: row.campaignKey === null ? null : { key: row.campaignKey, name: row.campaignName! },
  };
}

/** The rep an internal mail is for, or the bare address that a campaign's `notify` names. */
function toWhom({ class: kind, params, repName, repEmail, repTitle }: FlatMail): Mail['rep'] {
  if (repEmail !== null) return { name: repName!, email: repEmail, title: repTitle };
  return kind === 'internal' && typeof params['toAddress'] === 'string' ? { name: null, email: params['toAddress'], title: null } : null;
}

function leadOf(row: FlatMail, attributes: Record<string, unknown>): Record<string, unknown> {
  const lead: Record<string, unknown> = known({ ...attributes, id: row.leadId });
  for (const column of LEAD_COLUMNS) if (row[column] !== null) lead[column] = row[column];
  if (row.company === null && row.accountName !== null) lead['company'] = row.accountName;
  return lead;
}

/** Without what is null: a template's `default` and strict mode tell missing from known. */
function known(facts: Record<string, unknown>): Record<string, unknown> {
  for (const [name, value] of Object.entries(facts)) if (value === null) delete facts[name];
  return facts;
}

/** What every mail says of the firm. */
export async function mailWorkspace(tx: Queryable): Promise<MailWorkspace> {
  const { rows } = await tx.query<MailWorkspace>('select name, postal_address as "postalAddress", timezone from workspace');
  return rows[0]!;
}
