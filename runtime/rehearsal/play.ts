import type { Pool } from 'pg';
import { lockLeads } from '../../db/wakes.ts';
import { storeEvents } from '../../db/events.ts';
import { recordHits } from '../../db/hits.ts';
import { inTransaction } from '../../db/pool.ts';
import { readReasons } from '../../db/why.ts';
import { wokenLoops } from '../../db/woken-loops.ts';
import type { Loop, Poke } from '../../domain/loops.ts';
import type { Deed } from './deeds.ts';

export interface Playing {
  pool: Pool;
  poke: Poke;
  leadId: string;
  deeds: readonly Deed[];
  /** One thing that happened, in workspace time. */
  tell(at: Date, words: string): void;
  stopped(): boolean;
}

const LOOK_MS = 250;
const MOST_LINES = 200;

/** Follows the lead until its way is over: tells the journal and the mails as they come, and does what the lead was told to do. */
export async function play({ pool, poke, leadId, deeds, tell, stopped }: Playing): Promise<void> {
  const told = new Set<string>();
  const waiting = [...deeds];
  let quiet = 0;
  while (!stopped()) {
    const { now, enteredAt, under, entered, mails, moving } = await look();
    const reasons = (await readReasons(pool, leadId, null, MOST_LINES, null)).items.toReversed();
    const lines = [...reasons.map(({ id, at, words }) => ({ id, at, words })), ...mails]
      .filter(({ id }) => !told.has(id))
      .toSorted((a, b) => a.at.getTime() - b.at.getTime());
    for (const { id, at, words } of lines) {
      told.add(id);
      tell(at, words);
    }
    const due = (deed: Deed | undefined): deed is Deed => !!deed && !!enteredAt && enteredAt.getTime() + deed.afterMs <= now.getTime();
    while (due(waiting[0]) && (await act(waiting[0], now))) waiting.shift();
    quiet = under || moving ? 0 : quiet + 1;
    // Kept out, or at the end; a look or two more tells what was written last.
    if (quiet > 2 && (entered || told.size > 0)) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }

  async function look() {
    const { rows } = await pool.query<{ now: Date; enteredAt: Date | null; under: boolean; entered: boolean; moving: boolean }>(
      `select clock() as now, min(e.entered_at) as "enteredAt", coalesce(bool_or(e.state = 'active'), false) as under, count(e.id) > 0 as entered,
              exists (select from candidate where lead_id = $1) or exists (select from send where state in ('queued', 'in_flight')) as moving
         from (select $1::uuid as lead_id) l left join enrolment e on e.lead_id = l.lead_id`,
      [leadId],
    );
    const { rows: mails } = await pool.query<{ id: string; at: Date; words: string }>(
      `select id, settled_at as at,
              case when state = 'accepted' then '✉ ' || coalesce(subject, template) || case when class = 'internal' then ' (to the firm)' else '' end
                   else '✉ ' || template || ': ' || state || coalesce(' (' || reason || ')', '') end as words
         from send where settled_at is not null order by settled_at desc limit $1`,
      [MOST_LINES],
    );
    return { ...rows[0]!, mails };
  }

  /** False when it has to wait: the mail to click in has not come yet, as far as the last look has told. */
  async function act(deed: Deed, now: Date): Promise<boolean> {
    const loops = await inTransaction(pool, async (tx): Promise<Loop[] | null> => {
      await lockLeads(tx, [leadId]);
      if (!('click' in deed)) {
        const stored = await storeEvents(tx, [{ leadId, name: deed.event, source: 'rehearsal', properties: deed.properties }]);
        return wokenLoops(tx, [...stored.woken, ...stored.candidates]);
      }
      const { rows } = await tx.query<{ id: string }>(
        `select id from send where lead_id = $1 and step_id = $2 and state = 'accepted' and settled_at <= $3 order by settled_at desc limit 1`,
        [leadId, deed.click, now],
      );
      const click = { kind: 'click', link: 'rehearsal', url: 'https://example.com/', source: 'rehearsal', signs: ['visited'] } as const;
      return rows[0] ? recordHits(tx, [{ sendId: rows[0].id, ...click }]) : null;
    });
    if (!loops) return false;
    tell(now, 'click' in deed ? `the lead clicks in the mail of ${deed.click}` : `the lead: ${deed.event}`);
    loops.forEach(poke);
    return true;
  }
}
