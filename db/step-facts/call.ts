import type { CallFact } from '../../domain/calls/call.ts';
import type { StepFactLoader } from './index.ts';

/** The call each waits for. */
export const call: StepFactLoader<'call'> = async (tx, subjects) => {
  const keys = subjects.map(({ waiting }) => (waiting?.startsWith('call:') ? waiting.slice('call:'.length) : null));
  const wanted = keys.filter((key) => key !== null);
  if (wanted.length === 0) return subjects.map(() => null);
  const { rows } = await tx.query<CallFact & { callKey: string }>(
    `select call_key as "callKey", state, status, reason, settled_at as "settledAt", attempts from outgoing_call where call_key = any($1)`,
    [wanted],
  );
  const found = new Map(rows.map(({ callKey, ...fact }) => [callKey, fact]));
  return keys.map((key) => (key === null ? null : (found.get(key) ?? null)));
};
