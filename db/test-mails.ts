import { randomUUID } from 'node:crypto';
import type { Plan } from '../domain/campaign/plan.ts';
import { TendrilError } from '../domain/errors.ts';
import type { Queryable } from './pool.ts';
import { type NewSend, queueSends } from './sends.ts';

export interface TestMails {
  leadId: string;
  mails: { stepId: string; template: string; sendKey: string }[];
  lanes: string[];
}

/**
 * Queues every mail of a campaign for one address, as it would read for a lead: marked in the subject, with keys of their own, as mail to
 * ourselves, so that it counts as nothing of the lead's and asks for nobody's consent. Without a lead: the one who came into the campaign
 * last, else the newest there is. Throws `conflict` where there is none.
 */
export async function queueTestMails(
  tx: Queryable,
  plan: Plan,
  campaignId: string,
  { to, lead, entry }: { to: string; lead: string | null; entry: Record<string, unknown> | null },
): Promise<TestMails> {
  const sample = await sampleLead(tx, campaignId, lead);
  if (!sample) throw new TendrilError('conflict', 'There is no lead to write the mails for: say which');
  const batch = randomUUID();
  const steps = [...plan.nodes.values()].filter(({ kind }) => kind.kind === 'send');
  const mails = steps.map(({ id, step }): NewSend & { stepId: string } => {
    const given = step['send'] as string | { template: string; from?: string; params?: object };
    const { template, from, params = {} } = typeof given === 'string' ? { template: given } : given;
    return {
      sendKey: `test/${batch}/${id}`,
      class: 'internal',
      priority: 100,
      leadId: sample.leadId,
      stepId: id,
      template,
      sender: from ?? plan.campaign.from ?? null,
      params: {
        ...params,
        entry: entry ?? sample.entry,
        toAddress: to,
        testMail: true,
        testCampaign: { key: plan.campaign.key, name: plan.campaign.name },
      },
      test: true,
    };
  });
  const lanes = await queueSends(tx, mails);
  return { leadId: sample.leadId, mails: mails.map(({ stepId, template, sendKey }) => ({ stepId, template, sendKey })), lanes };
}

async function sampleLead(
  tx: Queryable,
  campaignId: string,
  lead: string | null,
): Promise<{ leadId: string; entry: Record<string, unknown> } | null> {
  const { rows } = await tx.query<{ leadId: string; entry: Record<string, unknown> }>(
    `select l.id as "leadId", coalesce(e.entry, '{}') as entry
       from lead l
       left join lateral (select entry, entered_at from enrolment where lead_id = l.id and campaign_id = $1 order by entered_at desc limit 1) e on true
      where l.id = coalesce($2, (select lead_id from enrolment where campaign_id = $1 and not test order by entered_at desc limit 1),
                            (select id from lead where not test order by created_at desc, id desc limit 1))`,
    [campaignId, lead],
  );
  return rows[0] ?? null;
}
