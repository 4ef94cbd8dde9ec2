import type { LeadStanding } from '../domain/crm/lead.ts';
import { namedMeanwhile } from './external-ids.ts';
import { writeJournal } from './journal.ts';
import { toldColumns } from './lead-columns.ts';
import type { Queryable } from './pool.ts';

const fields = Object.keys(toldColumns) as (keyof typeof toldColumns)[];

/** Writes how leads stand now, by id, with their identities; a new stage is journalled as that system's word. Call it under `lockLeads`. */
export async function writeLeads(
  tx: Queryable,
  system: string,
  changed: readonly (readonly [string, LeadStanding])[],
  before: ReadonlyMap<string, LeadStanding>,
): Promise<void> {
  if (changed.length === 0) return;
  const renamed = changed.flatMap(([id, next]) =>
    (['email', 'phone'] as const).flatMap((kind) => {
      const value = next[kind];
      return value !== null && value !== before.get(id)![kind] ? [{ id, kind, value }] : [];
    }),
  );
  await dropPhones(
    tx,
    changed.flatMap(([id, next]) =>
      before.get(id)!.phone !== null && before.get(id)!.phone !== next.phone ? [{ id, value: before.get(id)!.phone! }] : [],
    ),
  );
  await nameAnew(tx, renamed);
  await tx.query(
    `update lead l
        set ${fields.map((field) => `${toldColumns[field]} = g."${field}"`).join(', ')}, tags = array(select jsonb_array_elements_text(g.tags)), attributes = g.attributes,
            account_id = g."accountId", updated_at = clock()
       from jsonb_to_recordset($1::jsonb) as g (id uuid, ${fields.map((field) => `"${field}" text`).join(', ')}, tags jsonb, attributes jsonb, "accountId" uuid)
      where l.id = g.id`,
    [JSON.stringify(changed.map(([id, next]) => ({ id, ...next })))],
  );
  await writeJournal(
    tx,
    changed.flatMap(([id, next]) => {
      const was = before.get(id)!.stage;
      return was === next.stage
        ? []
        : [{ kind: 'stage_changed' as const, leadId: id, because: { from: was, to: next.stage, by: system, origin: system } }];
    }),
  );
}

/** An earlier number finds nobody any more; an earlier address does. */
async function dropPhones(tx: Queryable, phones: readonly { id: string; value: string }[]): Promise<void> {
  if (phones.length === 0) return;
  await tx.query(
    `delete from lead_identity i using unnest($1::uuid[], $2::text[]) as g (lead_id, value) where i.kind = 'phone' and i.value = g.value and i.lead_id = g.lead_id`,
    [phones.map((one) => one.id), phones.map((one) => one.value)],
  );
}

async function nameAnew(tx: Queryable, names: readonly { id: string; kind: 'email' | 'phone'; value: string }[]): Promise<void> {
  if (names.length === 0) return;
  const sorted = names.toSorted((a, b) => (`${a.kind} ${a.value}` < `${b.kind} ${b.value}` ? -1 : 1));
  await tx.query(
    `insert into lead_identity (kind, value, lead_id) select * from unnest($1::text[], $2::text[], $3::uuid[]) on conflict (kind, value) do nothing`,
    [sorted.map((one) => one.kind), sorted.map((one) => one.value), sorted.map((one) => one.id)],
  );
  const { rows } = await tx.query(
    `select from lead_identity i join unnest($1::text[], $2::uuid[]) as g (value, lead_id) using (value) where i.kind = 'email' and i.lead_id <> g.lead_id limit 1`,
    [sorted.flatMap((one) => (one.kind === 'email' ? one.value : [])), sorted.flatMap((one) => (one.kind === 'email' ? one.id : []))],
  );
  if (rows.length > 0) throw namedMeanwhile();
}
