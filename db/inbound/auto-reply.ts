import type { AutoReply } from '../../domain/inbound/auto-reply.ts';
import type { Queryable } from '../pool.ts';
import { storeAnswer } from './event.ts';
import type { About, Taken } from './incoming.ts';

/** A machine answered: an event that campaigns may ask for, with the date of return where it says one. It holds nothing and answers nobody. */
export async function takeAutoReply(tx: Queryable, { inboundId, sent }: About, { away, returns }: AutoReply): Promise<Taken> {
  const told = { away, ...(returns && { returns }) };
  const loops = await storeAnswer(tx, 'email_auto_replied', sent, { ...told, inbound: inboundId });
  return {
    leadId: sent.leadId,
    sendId: sent.id,
    foundBy: sent.foundBy,
    repId: sent.repId,
    state: 'done',
    reason: null,
    detail: told,
    loops,
  };
}
