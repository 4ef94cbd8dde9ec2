import type { Pool } from 'pg';
import { readClock } from '../../../db/clock.ts';
import { type Rep, repsById } from '../../../db/reps.ts';
import { TendrilError } from '../../../domain/errors.ts';
import { type LinkPurpose, verifyLink } from '../../../messaging/links.ts';

/** What a link of a rep's mail says: an offer (`e` is its epoch) to be accepted or rejected, or a lead that they have. */
export type RepLink = { purpose: 'accept' | 'reject'; o: string; e: number; rep: Rep } | { purpose: 'case'; o: string; rep: Rep };

const purposes = ['accept', 'reject', 'case'] as const satisfies LinkPurpose[];

/** What a token says, by whichever of the purposes it was signed for. Throws `not_found`, `link_expired`. */
export async function readRepLink(pool: Pool, secret: string, token: string): Promise<RepLink> {
  const { now } = await readClock(pool);
  for (const purpose of purposes) {
    try {
      const link = verifyLink<{ o: string; e: number; r: string }>(secret, purpose, token, now);
      const rep = (await repsById(pool, [link.r])).get(link.r);
      if (rep?.active) return { purpose, o: link.o, e: link.e, rep };
    } catch (error) {
      if (!(error instanceof TendrilError) || error.code !== 'not_found') throw error;
    }
  }
  throw new TendrilError('not_found', 'This link is not one of ours, or was cut off on its way');
}

/** A day as a date field sends it; null where it was left empty, or is none. */
export const dayIn = (text: string): string | null => (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : null);
