import { type ConsentState, refusal } from '../domain/consent/standing.ts';
import { consentGround, noteConsents, STATE_NOW } from './consents.ts';
import { fieldsTold, noteLeads } from './lead-changes.ts';
import { leadPaused, pauseLead, resumeLead } from './lead-pause.ts';
import { setTracking } from './lead-tracking.ts';
import type { Queryable } from './pool.ts';
import { hearFromAgain, tellLeft, unsubscribe } from './suppressions.ts';
import { lockLeads, wakeLeads, type Woken } from './wakes.ts';

/** What somebody may choose, and has chosen. */
export interface Preferences {
  leadId: string;
  slot: number;
  address: string | null;
  topics: { key: string; name: string; description: string | null; wanted: boolean; state: ConsentState | null }[];
  /** They have left all marketing. */
  left: boolean;
  /** Mail to the address is stopped for a reason that is not theirs to lift: it came back, they complained, or by hand. */
  barred: boolean;
  paused: boolean;
  /** Null: until they are resumed, where paused. */
  pausedUntil: Date | null;
  tracked: boolean;
  language: string | null;
  languages: readonly string[];
}

interface Row extends Omit<Preferences, 'topics' | 'languages'> {
  states: Record<string, ConsentState>;
}

/** What a lead has chosen, or null when it is gone. */
export async function readPreferences(tx: Queryable, leadId: string): Promise<Preferences | null> {
  const { rows } = await tx.query<Row>(
    `select l.id as "leadId", l.slot, l.email as address, l.locale as language, l.untracked_at is null as tracked,
            ${leadPaused} as paused, case when ${leadPaused} then l.paused_until end as "pausedUntil",
            exists (select from suppression s where s.address = l.email and s.kind = 'unsubscribe') as left,
            exists (select from suppression s where s.address = l.email and s.kind <> 'unsubscribe') as barred,
            (select coalesce(jsonb_object_agg(topic, state), '{}') from
              (select distinct on (c.topic) c.topic, ${STATE_NOW} as state
                 from consent c where c.lead_id = l.id order by c.topic, c.id desc) k) as states
       from lead l where l.id = $1`,
    [leadId],
  );
  const [row] = rows;
  if (!row) return null;
  const { states, ...rest } = row;
  const { document } = await consentGround(tx);
  const topics = document.topics.map(({ key, name, description }) => {
    const state = Object.hasOwn(states, key) ? states[key]! : null;
    return { key, name, description: description ?? null, state, wanted: !rest.left && refusal(document, key, state) === null };
  });
  return { ...rest, topics, languages: document.languages };
}

/** What somebody wants from now on; what is left out stays as it is. */
export interface PreferenceWish {
  /** Wanted or not, by topic. */
  topics: ReadonlyMap<string, boolean>;
  /** No marketing at all: then the topics stay as they are. */
  leave: boolean;
  /** Marketing stands still until then; null: it goes on. */
  pauseUntil?: Date | null;
  tracked?: boolean;
  language?: string;
}

/**
 * Does what somebody wants who has proved to read the mailbox: in one transaction, under the lead's lock; a second time changes nothing. Answers whom to
 * wake, or null when the lead is gone.
 */
export async function savePreferences(
  tx: Queryable,
  leadId: string,
  wish: PreferenceWish,
  { sendId, proof }: { sendId: string | null; proof: Record<string, unknown> },
): Promise<{ woken: Woken[]; slots: number[] } | null> {
  await lockLeads(tx, [leadId]);
  const before = await readPreferences(tx, leadId);
  if (!before) return null;
  const woken: Woken[] = [];
  if (wish.leave) {
    const left = await unsubscribe(tx, { leadId, topic: null, sendId, source: 'preferences', proof });
    woken.push(...(left?.woken ?? []));
  } else {
    woken.push(...(await choose(tx, before, wish.topics, { send: sendId, ...proof })));
  }
  const { rowCount } = await tx.query(
    `with updated as (
       update lead set locale = $2, updated_at = clock() where id = $1 and locale is distinct from coalesce($2, locale)
       returning id, ${fieldsTold(['locale'])} as fields),
     noted as (${noteLeads('updated')})
     select from updated`,
    [leadId, wish.language ?? null],
  );
  if (rowCount === 1) woken.push(...(await wakeLeads(tx, [leadId])));
  if (wish.tracked !== undefined) await setTracking(tx, leadId, wish.tracked);
  if (wish.pauseUntil) woken.push(...(await pauseLead(tx, leadId, wish.pauseUntil)));
  if (wish.pauseUntil === null) woken.push(...((await resumeLead(tx, leadId)) ?? []));
  return { woken, slots: [before.slot] };
}

/** Topics on and off, as far as they are other than before; who had left everything comes back to what they want now. */
async function choose(
  tx: Queryable,
  { leadId, topics }: Preferences,
  wanted: PreferenceWish['topics'],
  proof: Record<string, unknown>,
): Promise<Woken[]> {
  const changed = topics.filter(({ key, wanted: was }) => wanted.has(key) && wanted.get(key) !== was);
  const on = topics.filter(({ key }) => wanted.get(key) === true).map(({ key }) => key);
  const back = on.length > 0 && (await hearFromAgain(tx, leadId, on, 'preferences'));
  const noted = await noteConsents(
    tx,
    'preferences',
    changed.map(({ key }) => ({ leadId, topic: key, granted: wanted.get(key)!, basis: 'confirmed', proof })),
  );
  const off = noted.flatMap(({ topic }) => (wanted.get(topic) === false ? [topic] : []));
  const woken = await tellLeft(tx, leadId, off, 'preferences', proof);
  return [...woken, ...(back || noted.length > off.length ? await wakeLeads(tx, [leadId]) : [])];
}
