import { chatMessage } from '../domain/sla/alert-text.ts';
import type { Loop } from '../domain/loops.ts';
import { queueCalls } from './calls.ts';
import type { Queryable } from './pool.ts';

/** A message to a chat channel. Whoever queues its key a second time queues nothing. */
export interface NewMessage {
  key: string;
  /** Its name in the setting CHAT_WEBHOOKS. */
  channel: string;
  text: string;
  leadId: string | null;
  test: boolean;
}

const TIMEOUT_MS = 10_000;
/** Some four hours of attempts; whoever reads it later than that has heard by mail. */
const RETRIES = 8;

/** Puts messages into the outbox of calls. They name their channel only: its address is a secret, and looked up when they leave. */
export async function queueMessages(tx: Queryable, messages: readonly NewMessage[]): Promise<Loop[]> {
  const lanes = await queueCalls(
    tx,
    messages.map(({ key, channel, text, leadId, test }) => ({
      callKey: key,
      lane: 'notify' as const,
      url: `chat://${channel}`,
      method: 'POST',
      body: JSON.stringify(chatMessage(text)),
      sets: {},
      timeoutMs: TIMEOUT_MS,
      retries: RETRIES,
      leadId,
      campaignId: null,
      enrolmentId: null,
      stepId: null,
      awaited: false,
      test,
    })),
  );
  return lanes.map((lane): Loop => ({ kind: 'calls', lane }));
}
