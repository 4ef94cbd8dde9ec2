import { z } from 'zod';
import type { Campaign } from '../document.ts';
import type { CampaignFacts, EnrolmentView } from '../step.ts';

/** The address of another system. Credentials do not belong into a document that many may read. */
export const webhookUrl = z
  .url({ protocol: /^https?$/, error: 'is not a URL such as https://crm.firm.example/hook' })
  .max(2_000)
  .refine((url) => !/^[a-z]+:\/\/[^/]*@/i.test(url), 'holds a password: sign with a secret of WEBHOOK_SECRETS instead')
  .refine((url) => !url.includes('#'), 'holds a #, which never reaches a server');

/** What another system is told of a lead and where it stands. */
export function aboutLead({
  step,
  enrolment,
  facts,
  campaign,
}: {
  step: { id: string };
  enrolment: EnrolmentView;
  facts: CampaignFacts;
  campaign: Campaign;
}): Record<string, unknown> {
  const { lead, account, stage, tags, fit, engagement } = facts;
  return {
    campaign: campaign.key,
    step: step.id,
    enrolment: enrolment.id,
    lead: { ...lead, id: enrolment.leadId, stage, tags, fit, engagement },
    account,
    entry: enrolment.entry,
    test: enrolment.test,
  };
}
