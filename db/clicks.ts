import { storeEvents } from './events.ts';
import type { Queryable } from './pool.ts';
import { lockLeads, type Woken } from './wakes.ts';

/** Clicks on one link of one mail within this long are one, of workspace time. */
const ONE_CLICK = '1 minute';

/**
 * Stores that a link of a mail was followed, unless it just was. Answers whom to poke; null when the mail is gone or it was
 * no new click.
 */
export async function storeClick(
  tx: Queryable,
  { sendId, link, url }: { sendId: string; link: string; url: string },
): Promise<{ woken: Woken[]; slots: number[] } | null> {
  const { rows } = await tx.query<{
    leadId: string;
    slot: number;
    campaign: string | null;
    enrolmentId: string | null;
    stepId: string | null;
  }>(
    `select s.lead_id as "leadId", l.slot, c.key as campaign, s.enrolment_id as "enrolmentId", s.step_id as "stepId"
       from send s join lead l on l.id = s.lead_id left join campaign c on c.id = s.campaign_id where s.id = $1`,
    [sendId],
  );
  const mail = rows[0];
  if (!mail) return null;
  await lockLeads(tx, [mail.leadId]);
  const { rowCount: again } = await tx.query(
    `select from event where lead_id = $1 and name = 'email_clicked' and at > clock() - $4::interval and at <= clock()
        and properties ->> 'send' = $2 and properties ->> 'link' = $3 limit 1`,
    [mail.leadId, sendId, link, ONE_CLICK],
  );
  if (again) return null;
  const properties = { send: sendId, campaign: mail.campaign, enrolment: mail.enrolmentId, step: mail.stepId, link, url };
  const stored = await storeEvents(tx, [{ leadId: mail.leadId, name: 'email_clicked', source: 'mail', properties }]);
  return { woken: [...stored.woken, ...stored.candidates], slots: [mail.slot] };
}
