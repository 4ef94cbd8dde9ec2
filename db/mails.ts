import type { LastFacts } from '../domain/delivery/last-look.ts';
import type { Mail, MailRep, MailWorkspace } from '../domain/delivery/mail.ts';
import { STATE_NOW } from './consents.ts';
import { leadColumns } from './fact-columns.ts';
import { WORKSPACE_TRACKING } from './workspace-tracking.ts';
import type { Queryable } from './pool.ts';
import { writtenTo } from './runs.ts';

/** What a template may say of a lead besides its attributes, as its columns are called. */
const LEAD_COLUMNS = [...leadColumns, 'stage'] as const;

/** A mail at the last look: what decides whether it may go, and what it is made from. */
export interface Departing extends LastFacts {
  id: string;
  sendKey: string;
  leadId: string | null;
  enrolmentId: string | null;
  campaignId: string | null;
  /** To whom an internal mail goes, and from whom a personal one comes. */
  repId: string | null;
  /** When it was to leave. */
  dueAt: Date;
  /** The mail that came in whose files go along; null: none do. */
  attach: string | null;
  mail(): Mail;
}

/**
 * Mails as they stand now, in the order of their ids, and what is known of their leads: one statement, and one each for the few campaigns, reps and
 * occasions they share. Rows come flat and narrow: they are read by the thousand.
 */
export async function loadDeparting(tx: Queryable, ids: readonly string[]): Promise<Departing[]> {
  const { rows } = await tx.query<FlatMail>(
    `select s.id, s.send_key as "sendKey", s.class, s.template, s.params, s.topic, s.sender, s.lead_id as "leadId", s.enrolment_id as "enrolmentId",
            s.step_id as "stepId", s.campaign_id as "campaignId", s.due_at as "dueAt", s.rep_id as "repId",
            l.attributes as "leadAttributes", ${LEAD_COLUMNS.map((column) => `l.${column}`).join(', ')}, l.untracked_at is not null as untracked,
            a.attributes as "accountAttributes", a.name as "accountName", a.domain, a.country as "accountCountry",
            coalesce(op.owner_rep_id, a.owner_rep_id) as "ownerId", coalesce(op.pauses, false) or (s.class = 'marketing' and ${writtenTo('s.lead_id')}) as "withSales",
            (select sending_stopped_at is not null from workspace) as "sendingStopped",
            coalesce(s.not_after < (select clock()), false) as "tooLate",
            case when s.class <> 'internal' then (select json_build_object('kind', p.kind, 'scope', p.scope) from suppression p
              where p.address = lower(l.email) order by p.scope limit 1) end as suppressed,
            case when s.class = 'marketing' then (select ${STATE_NOW}
              from consent c where c.lead_id = s.lead_id and c.topic = s.topic order by c.id desc limit 1) end as consent
       from send s
       left join lead l on l.id = s.lead_id
       left join account a on a.id = l.account_id
       left join (
         select ol.lead_id, bool_or(not p.nurture) as pauses,
                (array_agg(p.owner_rep_id order by p.created_at desc) filter (where p.state in ('accepted', 'touched')))[1] as owner_rep_id
           from opportunity_lead ol join opportunity p on p.id = ol.opportunity_id
          where ol.lead_id = any(array(select lead_id from send where id = any($1::uuid[]))) and p.closed_at is null group by ol.lead_id) op on op.lead_id = s.lead_id
      where s.id = any($1::uuid[]) order by s.id`,
    [ids],
  );
  const campaigns = await campaignsOf(tx, idsIn(rows, 'campaignId'));
  const reps = await repsOf(tx, [...new Set([...idsIn(rows, 'repId'), ...idsIn(rows, 'ownerId')])]);
  const occasions = await occasionsOf(tx, [...new Set(rows.flatMap((row) => occasionIn(row) ?? []))]);
  return rows.map((row) => {
    const campaign = row.campaignId === null ? null : (campaigns.get(row.campaignId) ?? null);
    const rep = toWhom(row, reps);
    return {
      id: row.id,
      sendKey: row.sendKey,
      leadId: row.leadId,
      enrolmentId: row.enrolmentId,
      campaignId: row.campaignId,
      repId: row.repId,
      dueAt: row.dueAt,
      attach: (row.params['attach'] as string | undefined) ?? null,
      class: row.class,
      topic: row.topic,
      address: row.class === 'internal' ? (rep?.email ?? null) : row.email,
      sendingStopped: row.sendingStopped,
      campaignState: campaign?.state ?? null,
      tooLate: row.tooLate,
      suppressed: row.suppressed,
      consent: row.consent,
      withSales: row.withSales,
      mail: () =>
        mailOf(row, {
          campaign,
          rep,
          owner: row.ownerId === null ? null : (reps.get(row.ownerId) ?? null),
          occasion: occasions.get(occasionIn(row) ?? '') ?? null,
        }),
    };
  });
}

const idsIn = (rows: readonly FlatMail[], column: 'campaignId' | 'repId' | 'ownerId'): string[] => [
  ...new Set(rows.flatMap((row) => row[column] ?? [])),
];

interface MailCampaign {
  key: string;
  name: string;
  state: string;
  tracking: Mail['tracking'];
}

async function campaignsOf(tx: Queryable, ids: readonly string[]): Promise<Map<string, MailCampaign>> {
  if (ids.length === 0) return new Map();
  const { rows } = await tx.query<MailCampaign & { id: string }>(
    `select c.id, c.key, c.name, c.state, coalesce(v.tracking, 'on') as tracking
       from campaign c left join campaign_version v on v.id = c.live_version_id where c.id = any($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

async function repsOf(tx: Queryable, ids: readonly string[]): Promise<Map<string, MailRep>> {
  if (ids.length === 0) return new Map();
  const { rows } = await tx.query<MailRep & { id: string }>(
    `select r.id, r.name, r.email, r.title, exists (select from rep_mailbox m where m.rep_id = r.id and m.active) as "mailboxRead"
       from rep r where r.id = any($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map(({ id, ...rep }) => [id, rep]));
}

/** The occasion that brought the lead in, where one did. */
function occasionIn({ params }: FlatMail): string | null {
  const { occasion } = (params['entry'] ?? {}) as { occasion?: unknown };
  return typeof occasion === 'string' ? occasion : null;
}

async function occasionsOf(tx: Queryable, keys: readonly string[]): Promise<Map<string, Record<string, unknown>>> {
  if (keys.length === 0) return new Map();
  const { rows } = await tx.query<{ key: string; occasion: Record<string, unknown> }>(
    `select key, attributes || jsonb_strip_nulls(jsonb_build_object('key', key, 'name', name, 'kind', kind, 'place', place, 'timezone', timezone,
              'starts_at', starts_at, 'ends_at', ends_at)) as occasion from occasion where key = any($1)`,
    [keys],
  );
  return new Map(rows.map(({ key, occasion }) => [key, occasion]));
}

type Text = string | null;
type FlatMail = Pick<Mail, 'id' | 'sendKey' | 'class' | 'template' | 'params' | 'topic' | 'sender' | 'leadId' | 'enrolmentId' | 'stepId'> &
  Pick<Departing, 'campaignId' | 'repId' | 'dueAt' | 'sendingStopped' | 'tooLate' | 'suppressed' | 'consent' | 'withSales'> &
  Record<(typeof LEAD_COLUMNS)[number], unknown> & {
    email: Text;
    untracked: boolean | null;
    ownerId: Text;
    leadAttributes: Record<string, unknown> | null;
    accountAttributes: Record<string, unknown> | null;
    accountName: Text;
    domain: Text;
    accountCountry: Text;
  };

function mailOf(
  row: FlatMail,
  { campaign, rep, owner, occasion }: { campaign: MailCampaign | null } & Pick<Mail, 'rep' | 'owner' | 'occasion'>,
): Mail {
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
    rep,
    owner,
    campaign: campaign && { key: campaign.key, name: campaign.name },
    occasion,
    tracking: row.untracked ? 'off' : (campaign?.tracking ?? 'on'),
  };
}

/** The rep an internal mail is for, or the bare address that a campaign's `notify` names. */
function toWhom({ class: kind, params, repId }: FlatMail, reps: ReadonlyMap<string, MailRep>): MailRep | null {
  const rep = repId === null ? undefined : reps.get(repId);
  if (rep) return rep;
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
  const { rows } = await tx.query<MailWorkspace>(
    `select name, postal_address as "postalAddress", timezone, coalesce((${WORKSPACE_TRACKING}), 'on') as tracking from workspace`,
  );
  return rows[0]!;
}
