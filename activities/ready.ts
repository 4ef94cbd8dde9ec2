import type { Pool } from 'pg';
import { type NurtureRange, readyAmong } from '../db/enrolments.ts';

export type ReadyWatch = ReturnType<typeof createReadyWatch>;

/**
 * Tells lingering nurture loops when there is work for them. All that wait in one process share one query every `everyMs`, so a
 * hundred campaigns cost no more than one.
 */
export function createReadyWatch({ pool, everyMs = 100 }: { pool: Pool; everyMs?: number }) {
  let waiting: { range: NurtureRange; answer: (ready: boolean) => void; fail: (error: unknown) => void }[] = [];
  let timer: NodeJS.Timeout | null = null;

  async function ask(): Promise<void> {
    const asked = waiting;
    waiting = [];
    timer = null;
    try {
      const ready = await readyAmong(
        pool,
        asked.map((one) => one.range),
      );
      asked.forEach((one, i) => one.answer(ready.has(i)));
    } catch (error) {
      for (const one of asked) one.fail(error);
    }
  }

  return {
    /** Whether the range has something due, woken or wanting in, as of some `everyMs` from now. */
    next(range: NurtureRange): Promise<boolean> {
      timer ??= setTimeout(() => void ask(), everyMs);
      return new Promise((answer, fail) => void waiting.push({ range, answer, fail }));
    },
  };
}
