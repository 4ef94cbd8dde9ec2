import { groupBy } from '../domain/group-by.ts';
import { noteConsents } from './consents.ts';
import type { Queryable } from './pool.ts';
import { suppress, unsubscribe } from './suppressions.ts';
import { wakeLeads, type Woken } from './wakes.ts';

/** Somebody left a group of the provider's, or came back to it; which of both, `delivery_event` knows. */
export interface GroupWord {
  address: string;
  leadId: string | null;
  groupId: number | null;
  /** What the mail was about, where it was one of ours. */
  topic: string | null;
  sendId: string | null;
  source: string;
  /** Left it, or came back. */
  leaves: boolean;
}

/**
 * Heeds the last word of each address about each group, by the provider's time; where two have the same, leaving counts. A mail of ours has a
 * topic, and that is left; any other says no to all marketing. Who comes back takes back only what was said here, never a refusal on a page of ours
 * or by hand. Under `lockLeads`. Answers whom to poke.
 */
export async function heedGroups(tx: Queryable, words: readonly GroupWord[]): Promise<Woken[]> {
  const woken: Woken[] = [];
  for (const those of groupBy(words, (word) => `${word.address} ${word.groupId} ${word.topic}`).values()) {
    const [word] = those as [GroupWord];
    const left = await hasLeft(tx, word);
    // Who has come back had left before, even where that is told later.
    if (left || those.some(({ leaves }) => leaves)) woken.push(...(await leave(tx, word)));
    if (!left) woken.push(...(await comeBack(tx, word)));
  }
  return woken;
}

async function hasLeft(tx: Queryable, { address, groupId }: GroupWord): Promise<boolean> {
  const { rows } = await tx.query<{ kind: string }>(
    `select kind from delivery_event
      where address = $1 and kind in ('group_unsubscribed', 'group_resubscribed') and group_id is not distinct from $2
      order by told_real desc, kind desc limit 1`,
    [address, groupId],
  );
  return rows[0]?.kind !== 'group_resubscribed';
}

/** Whatever bars an address because a group was left, as a pattern. */
export const GROUPS = '%-group-%';

const sourceOf = ({ source, groupId }: GroupWord): string => `${source}-group-${groupId ?? 'unknown'}`;

async function leave(tx: Queryable, word: GroupWord): Promise<Woken[]> {
  const { leadId, topic, sendId, address } = word;
  const done = leadId && (await unsubscribe(tx, { leadId, topic, sendId, source: sourceOf(word) }));
  if (topic === null) await suppress(tx, [{ address, kind: 'unsubscribe', scope: 'marketing', source: sourceOf(word) }]);
  return done ? done.woken : [];
}

async function comeBack(tx: Queryable, word: GroupWord): Promise<Woken[]> {
  const { leadId, topic, sendId, address } = word;
  if (topic === null) {
    await tx.query(
      `delete from suppression where (address = $1 or address = (select email from lead where id = $3)) and kind = 'unsubscribe' and source = $2`,
      [address, sourceOf(word), leadId],
    );
    return leadId ? wakeLeads(tx, [leadId]) : [];
  }
  if (leadId === null) return [];
  const { rowCount } = await tx.query(
    `select from (select granted, source from consent where lead_id = $1 and topic = $2 order by id desc limit 1) last
      where not last.granted and last.source = $3`,
    [leadId, topic, sourceOf(word)],
  );
  if (rowCount === 0) return [];
  await noteConsents(tx, sourceOf(word), [{ leadId, topic, granted: true, proof: { send: sendId } }]);
  return wakeLeads(tx, [leadId]);
}
