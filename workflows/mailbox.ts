import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { MailboxActivities } from '../activities/mailbox.ts';
import { loop } from './loop.ts';

const { lookIntoMailbox } = proxyActivities<MailboxActivities>({ startToCloseTimeout: '10 minutes', heartbeatTimeout: '30 seconds' });

/** Reads the mailbox that answers and bounces come to. */
export async function mailbox(): Promise<void> {
  if ((await loop(() => lookIntoMailbox())) === 'continue') await continueAsNew<typeof mailbox>();
}
