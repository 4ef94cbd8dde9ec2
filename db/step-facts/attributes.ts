import { accountFacts, leadFacts } from '../fact-columns.ts';
import type { StepFactLoader } from './index.ts';

/** All attributes of each lead and its company: for steps that name them in texts, dates or payloads rather than in a condition. */
export const attributes: StepFactLoader<'attributes'> = async (tx, subjects) => {
  const { rows } = await tx.query<{ id: string; lead: Record<string, unknown>; account: Record<string, unknown> | null }>(
    `select l.id, ${leadFacts} as lead, ${accountFacts} as account from lead l left join account a on a.id = l.account_id where l.id = any($1::uuid[])`,
    [[...new Set(subjects.map((subject) => subject.leadId))]],
  );
  const found = new Map(rows.map(({ id, ...attributesOf }) => [id, attributesOf]));
  return subjects.map((subject) => found.get(subject.leadId)!);
};
