import { type NewEvent, storeEvents } from '../db/events.ts';
import type { Queryable } from '../db/pool.ts';

const DAY = 86_400_000;

/** What visitors of a pump maker's website do, the usual first. */
const habits = [
  'page_viewed',
  'page_viewed',
  'page_viewed',
  'datasheet_downloaded',
  'page_viewed',
  'pump_selector_used',
  'pricing_viewed',
  'careers_viewed',
];
const pages = ['/pumps/centrifugal', '/pumps/dosing', '/cases', '/service', '/selector'];

/** Two months of a website's life: a third of the people did nothing, the others one to six things, always the same. */
export async function storeHistory(tx: Queryable, leadIds: readonly string[]): Promise<void> {
  const { rows } = await tx.query<{ now: Date }>('select clock() as now');
  const now = rows[0]!.now.getTime();
  const events = leadIds.flatMap((leadId, i): NewEvent[] =>
    Array.from({ length: i % 3 === 0 ? 0 : 1 + ((i * 5) % 6) }, (_, j) => {
      const name = habits[(i + j * 3) % habits.length]!;
      const at = new Date(now - (((i * 7 + j * 11) % 58) + 1) * DAY - j * 3_600_000);
      const properties = name === 'page_viewed' ? { path: pages[(i + j) % pages.length] } : {};
      return { leadId, name, source: 'demo', at, properties };
    }),
  );
  await storeEvents(tx, events);
  // They did not all come on the day of the first start.
  await tx.query(
    `update lead l set created_at = first.at, updated_at = first.at from (
       select n.id, coalesce((select min(e.at) from event e where e.lead_id = n.id), clock() - make_interval(days => (n.i % 50)::int + 1)) as at
         from unnest($1::uuid[]) with ordinality as n (id, i)) first
      where l.id = first.id`,
    [leadIds],
  );
}
