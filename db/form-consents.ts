import { ownExpiry } from '../domain/consent/due.ts';
import { topicOf } from '../domain/consent/topics.ts';
import type { Loop } from '../domain/loops.ts';
import { askToConfirm } from './confirmations.ts';
import { type ConsentGround, consentGround, insertConsents } from './consents.ts';
import type { Queryable } from './pool.ts';

/** What somebody agreed to by sending a form. */
export interface FormConsent {
  leadId: string;
  topic: string;
  textVersion: string;
  /** Whether it is to be confirmed by mail; left out: as the topic says. */
  confirm?: boolean | undefined;
  proof: Record<string, unknown>;
}

/**
 * Keeps what people agreed to by form, each time with its proof; where the topic or the form wants it confirmed, asks them by mail first. Never two of one lead
 * and topic at a time. Under `lockLeads`; whoever stores the submission's event wakes. Answers whom to poke after the commit.
 */
export async function formConsents(tx: Queryable, consents: readonly FormConsent[], ground?: ConsentGround): Promise<Loop[]> {
  if (consents.length === 0) return [];
  const known = ground ?? (await consentGround(tx));
  const { document, now } = known;
  const toConfirm = consents.filter(({ topic, confirm }) => confirm ?? topicOf(document, topic)?.basis === 'double-opt-in');
  const given = consents.filter((one) => !toConfirm.includes(one));
  const rows = given.map((one) => {
    const expiresAt = ownExpiry(topicOf(document, one.topic), now);
    return { ...one, state: 'granted' as const, source: 'form', basis: 'express', expiresAt };
  });
  await insertConsents(tx, rows, 'always', known);
  return askToConfirm(tx, 'form', toConfirm, known);
}
