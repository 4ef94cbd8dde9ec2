import { topicOf, type Topics } from './topics.ts';

/** What somebody's newest word on a topic comes to. */
export type ConsentState = 'granted' | 'withdrawn' | 'pending' | 'expired';

/** As much of a consent row as decides what holds. */
export interface ConsentRow {
  /** uuid v7: the later row has the greater one. */
  id: string;
  state: ConsentState;
  expiresAt: Date | null;
}

/** What holds of one lead's rows on one topic, at an instant, in whatever order they come: the newest row, unless its time has run out. Null: nothing was ever said. */
export function standing(rows: readonly ConsentRow[], now: Date): ConsentState | null {
  const newest = rows.reduce<ConsentRow | null>((latest, row) => (latest === null || row.id > latest.id ? row : latest), null);
  if (newest === null) return null;
  return newest.expiresAt !== null && newest.expiresAt <= now ? 'expired' : newest.state;
}

/** Why marketing on a topic is refused, each told apart. */
export type Refusal = 'no_consent' | 'consent_pending' | 'consent_expired' | 'consent_withdrawn';

/** Why a topic may not be mailed to somebody who stands so, or null when it may. A topic that is not in the document needs no opt-in. */
export function refusal(document: Topics, topic: string, state: ConsentState | null): Refusal | null {
  if (state === 'granted') return null;
  if (state === 'withdrawn') return 'consent_withdrawn';
  // Whatever the ground is by now: somebody was asked, and what they had said before is not looked for.
  if (state === 'pending') return 'consent_pending';
  const known = topicOf(document, topic);
  if (known === undefined || known.basis === 'legitimate-interest') return null;
  return state === null ? 'no_consent' : 'consent_expired';
}
