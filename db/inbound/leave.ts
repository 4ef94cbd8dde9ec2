import type { Queryable } from '../pool.ts';
import { unsubscribe } from '../suppressions.ts';
import { wokenLoops } from '../woken-loops.ts';
import type { About, Taken } from './incoming.ts';

/** Somebody wrote “unsubscribe”, or their mailbox did for them: no marketing any more. */
export async function takeLeave(tx: Queryable, { sent }: About): Promise<Taken> {
  const done = await unsubscribe(tx, { leadId: sent.leadId!, topic: null, sendId: sent.id, source: 'reply' });
  const loops = done ? await wokenLoops(tx, done.woken, done.slots) : [];
  return { leadId: sent.leadId, sendId: sent.id, foundBy: sent.foundBy, repId: sent.repId, state: 'done', reason: null, detail: {}, loops };
}
