import { proxyActivities, sleep } from '@temporalio/workflow';
import type { BaselineActivities } from './activities.ts';

const { sendMail, hasClicked } = proxyActivities<BaselineActivities>({ startToCloseTimeout: '1 minute' });

/** The same campaign, written the usual way: a workflow for each enrolment. A day is a second. */
export async function enrolment({ leadId }: { leadId: string }): Promise<void> {
  await sendMail({ leadId, step: 'welcome', template: 'trial-welcome' });
  await sleep('1 second');
  const clicked = await hasClicked({ leadId, step: 'welcome' });
  await sendMail(clicked ? { leadId, step: 'study', template: 'pump-case-study' } : { leadId, step: 'nudge', template: 'trial-nudge' });
  await sleep('1 second');
  await sendMail({ leadId, step: 'last', template: 'trial-last-call' });
}
