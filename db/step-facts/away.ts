import type { AwayFact } from '../../domain/campaign/step.ts';
import type { StepFactLoader } from './index.ts';

/** What the mailbox of each has said last of an absence, since they came in. */
export const away: StepFactLoader<'away'> = async (tx, subjects) => {
  const { rows } = await tx.query<AwayFact & { n: number }>(
    `select s.n::int - 1 as n, e.at, e.properties ->> 'returns' as returns
       from unnest($1::uuid[], $2::timestamptz[]) with ordinality as s (lead_id, since, n)
       cross join lateral (
         select e.at, e.properties from event e
          where e.lead_id = s.lead_id and e.name = 'email_auto_replied' and e.at >= s.since and e.properties @> '{"away": true}'
          order by e.at desc limit 1) e`,
    [subjects.map((subject) => subject.leadId), subjects.map((subject) => subject.enteredAt)],
  );
  const found = new Map(rows.map(({ n, ...fact }) => [n, fact]));
  return subjects.map((_, n) => found.get(n) ?? null);
};
