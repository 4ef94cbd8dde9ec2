import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { MailboxActivities, WhoseBox } from '../activities/mailbox.ts';
import { loop } from './loop.ts';

const { lookIntoMailbox } = proxyActivities<MailboxActivities>({ startToCloseTimeout: '10 minutes', heartbeatTimeout: '30 seconds' });

/** Reads the mailbox that answers and bounces come to, or a rep's own. */
export async function mailbox(whose: WhoseBox): Promise<void> {
  if ((await loop(() => lookIntoMailbox(whose))) === 'continue') await continueAsNew<typeof mailbox>(whose);
}
