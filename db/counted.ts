import { type Leaf, leafKey, mailEvent } from '../domain/conditions/condition.ts';
import type { Occurrences } from '../domain/conditions/evaluate.ts';
import { passes, type TestContext } from '../domain/conditions/test.ts';
import { conditionFrom, conditionSql } from './conditions/condition-sql.ts';
import { createParams } from './conditions/params.ts';
import type { Subject } from './facts.ts';
import type { Queryable } from './pool.ts';
import { sinceWhen, type Surroundings } from './surroundings.ts';

type Counting = Extract<Leaf, { kind: 'event' | 'mail' }>;

/** For each subject, how often and when what each counting leaf looks at happened: one statement a leaf, whatever the number of subjects. */
export async function countLeaves(
  tx: Queryable,
  subjects: readonly Subject[],
  leaves: readonly Leaf[],
  around: Surroundings,
): Promise<Map<string, Occurrences>[]> {
  const counted = subjects.map(() => new Map<string, Occurrences>());
  for (const [key, leaf] of new Map(leaves.map((one) => [leafKey(one), one]))) {
    if (leaf.kind === 'anyone')
      for (const n of await anyone(tx, subjects, leaf, around)) counted[n]!.set(key, { count: 1, firstAt: null, lastAt: null });
    if (leaf.kind !== 'event' && leaf.kind !== 'mail') continue;
    for (const { n, at, properties } of await happened(tx, subjects, leaf, around)) {
      const subject = subjects[n]!;
      if (!matches(leaf, properties, subject, { ...around, entry: subject.entry })) continue;
      const seen = counted[n]!.get(key) ?? { count: 0, firstAt: at, lastAt: at };
      counted[n]!.set(key, { count: seen.count + 1, firstAt: seen.firstAt, lastAt: at });
    }
  }
  return counted;
}

/** The events one leaf may count, oldest first, with the properties it compares. */
async function happened(
  tx: Queryable,
  subjects: readonly Subject[],
  leaf: Counting,
  around: Surroundings,
): Promise<{ n: number; at: Date; properties: Record<string, unknown> }[]> {
  const wanted = leaf.kind === 'event' ? Object.keys(leaf.where) : ['enrolment', 'step', 'link'];
  const whose =
    leaf.by === 'account'
      ? `join lead me on me.id = s.lead_id join lead l on l.id = me.id or l.account_id = me.account_id join event e on e.lead_id = l.id`
      : 'join event e on e.lead_id = s.lead_id';
  const { rows } = await tx.query<{ n: number; at: Date; properties: Record<string, unknown> }>(
    `select s.n::int - 1 as n, e.at,
            case when cardinality($4::text[]) = 0 then '{}' else (select coalesce(jsonb_object_agg(k, e.properties -> k), '{}') from unnest($4::text[]) k) end as properties
       from unnest($1::uuid[], $2::timestamptz[], $5::uuid[]) with ordinality as s (lead_id, since, entry_event, n)
       ${whose} and e.name = $3 and e.at >= s.since and e.id is distinct from s.entry_event
      order by e.at`,
    [
      subjects.map((subject) => subject.leadId),
      subjects.map((subject) => sinceOf(leaf, subject, around)),
      leaf.kind === 'event' ? leaf.event : mailEvent(leaf.what),
      wanted,
      subjects.map((subject) => (leaf.kind === 'event' && leaf.since === 'entry' ? subject.entryEventId : null)),
    ],
  );
  return rows;
}

function sinceOf(leaf: Counting, subject: Subject, around: Surroundings): Date {
  if (leaf.since === 'ever') return new Date(0);
  if (leaf.since === 'entry') return subject.enteredAt;
  if (leaf.since === 'step') return subject.arrivedAt;
  return sinceWhen(leaf.since, around);
}

function matches(leaf: Counting, properties: Record<string, unknown>, subject: Subject, context: TestContext): boolean {
  if (leaf.kind === 'event') return Object.entries(leaf.where).every(([name, wanted]) => passes(properties[name], wanted, context));
  if (leaf.of === 'enrolment' && properties['enrolment'] !== subject.enrolmentId) return false;
  return (leaf.step === 'any' || properties['step'] === leaf.step) && (leaf.link === null || properties['link'] === leaf.link);
}

/** For which subjects (by index) the condition holds of somebody of their account, the lead included. */
async function anyone(
  tx: Queryable,
  subjects: readonly Subject[],
  { is }: Extract<Leaf, { kind: 'anyone' }>,
  around: Surroundings,
): Promise<number[]> {
  const params = createParams([
    subjects.map((subject) => subject.leadId),
    subjects.map((subject) => subject.enteredAt),
    subjects.map((subject) => subject.arrivedAt),
    subjects.map((subject) => subject.entryEventId),
  ]);
  const starts = { entry: 'subject.entered_at', step: 'subject.arrived_at', entryEvent: 'subject.entry_event' };
  const { rows } = await tx.query<{ n: number }>(
    `select subject.n::int - 1 as n
       from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::uuid[]) with ordinality as subject (lead_id, entered_at, arrived_at, entry_event, n)
       join lead me on me.id = subject.lead_id
      where exists (select from ${conditionFrom} where (l.id = me.id or l.account_id = me.account_id) and ${conditionSql(is, { params, around, starts })})`,
    params.values,
  );
  return rows.map((row) => row.n);
}
