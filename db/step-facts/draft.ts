import type { DraftFact } from '../../domain/campaign/step.ts';
import type { StepFactLoader } from './index.ts';

/** The draft each waits for. */
export const draft: StepFactLoader<'draft'> = async (tx, subjects) => {
  const keys = subjects.map(({ waiting }) => (waiting?.startsWith('draft:') ? waiting.slice('draft:'.length) : null));
  const wanted = keys.filter((key) => key !== null);
  if (wanted.length === 0) return subjects.map(() => null);
  const { rows } = await tx.query<DraftFact & { sendKey: string }>(
    'select send_key as "sendKey", state from draft where send_key = any($1)',
    [wanted],
  );
  const found = new Map(rows.map(({ sendKey, ...fact }) => [sendKey, fact]));
  return keys.map((key) => (key === null ? null : (found.get(key) ?? null)));
};
