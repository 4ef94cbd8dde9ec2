import type { SendClass } from '../../domain/delivery/mail.ts';
import { knownBy } from '../identities.ts';
import type { Queryable } from '../pool.ts';

/** What a mail that came in says of the mail of ours it is about. */
export interface Named {
  /** Rep whose signed address a mail of their own has in its Bcc. */
  touchOf?: string | null;
  /** Send id of the signed address it came to. */
  byAddress: string | null;
  /** `X-Tendril-Send` of a mail that was brought back. */
  sendKeys: readonly string[];
  /** Send ids of Message-IDs. */
  byMessageId: readonly string[];
}

/** A mail of the ledger that another one is about, and to whom it went. */
export interface FoundSend {
  id: string;
  sendKey: string;
  foundBy: 'address' | 'send_key' | 'message_id' | 'sender' | 'recipient';
  class: SendClass;
  leadId: string | null;
  /** Where it went. */
  address: string | null;
  subject: string | null;
  campaignId: string | null;
  campaign: string | null;
  campaignName: string | null;
  enrolmentId: string | null;
  stepId: string | null;
  /** Under whose name it went, where that is a rep's; of an internal one, to whom. */
  repId: string | null;
  params: Record<string, unknown>;
  test: boolean;
}

const columns = `s.id, s.send_key as "sendKey", s.class, s.lead_id as "leadId", s.address, s.subject, s.campaign_id as "campaignId", c.key as campaign,
  c.name as "campaignName", s.enrolment_id as "enrolmentId", s.step_id as "stepId", coalesce(s.rep_id, e.rep_id) as "repId", s.params, s.test`;
const joined = 'left join campaign c on c.id = s.campaign_id left join enrolment e on e.id = s.enrolment_id';

/** The mail that is named, by what is hardest to make up first; null where none is. */
export async function findNamedSend(tx: Queryable, { byAddress, sendKeys, byMessageId }: Named): Promise<FoundSend | null> {
  const { rows } = await tx.query<FoundSend>(
    `with named as (
       select id, 'address' as found_by, 1 as rank from send where id = $1
       union all select id, 'send_key', 2 from send where send_key = any($2)
       union all select id, 'message_id', 3 from send where id = any($3::uuid[]))
     select ${columns}, n.found_by as "foundBy" from named n join send s on s.id = n.id ${joined}
      order by n.rank, array_position($3::uuid[], s.id) limit 1`,
    [byAddress, sendKeys, byMessageId],
  );
  return rows[0] ?? null;
}

/**
 * The newest mail that left for a lead with one of these addresses within so many days, of all or under one rep's name; null where there is none. Anybody can write any sender, so
 * the address alone says nothing of people whom we never wrote to.
 */
export async function findSendTo(
  tx: Queryable,
  addresses: readonly string[],
  { as, days, repId }: { as: 'sender' | 'recipient'; days: number; repId?: string | undefined },
): Promise<FoundSend | null> {
  if (addresses.length === 0) return null;
  const { rows } = await tx.query<FoundSend>(
    `with known as (
       ${knownBy('$1')})
     select ${columns}, $2::text as "foundBy" from known k join send s on s.lead_id = k.id ${joined}
      where s.class <> 'internal' and ($4::uuid is null or coalesce(s.rep_id, e.rep_id) = $4) and s.in_flight_at > (select clock()) - make_interval(days => $3)
      order by s.in_flight_at desc, s.id desc limit 1`,
    [addresses, as, days, repId ?? null],
  );
  return rows[0] ?? null;
}
