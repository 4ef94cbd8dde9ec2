import { type Loop, loopId, type Poke } from '../domain/loops.ts';

/**
 * Who is looking after which loop in this process. While a look lingers it looks again by itself many times a second: a poke of its loop from
 * the same process need not go by way of Temporal, where each costs a workflow task. One that came meanwhile is passed on when the look comes
 * home, so that none is ever lost.
 */
export function createAttendance(send: Poke) {
  const attended = new Map<string, { poked: boolean }>();

  return {
    poke(loop: Loop): void {
      const there = attended.get(loopId(loop));
      if (there) there.poked = true;
      else send(loop);
    },

    /** Does the look, attending to the loop it is for. */
    async attend<T>(loop: Loop, look: () => Promise<T>): Promise<T> {
      const id = loopId(loop);
      const mine = { poked: false };
      attended.set(id, mine);
      try {
        return await look();
      } finally {
        if (attended.get(id) === mine) attended.delete(id);
        if (mine.poked) send(loop);
      }
    },
  };
}

export type Attendance = ReturnType<typeof createAttendance>;
