import { setTimeout as pause } from 'node:timers/promises';
import { Context } from '@temporalio/activity';

/** Real milliseconds. */
export interface Lingering {
  /** No longer than this in all: the activity must come home well before its time-out. */
  limitMs?: number;
  /** Gives up when nothing was found for this long; null: looks for its whole time, as who is poked by nobody has to. */
  quietMs?: number | null;
  /** Pause after a look that found something, and after one that did not. */
  pauseMs?: [number, number];
}

/** Asked by a look that works through many batches: true while it may take another. */
export type TimeLeft = () => boolean;

/**
 * Looks again and again while work keeps coming, so that a drip of events becomes a few activities and not a drip of workflow
 * tasks. `look` does all that is due, as long as there is time left, commits, sends its own pokes at once, and answers whether
 * it found anything. Nothing found at the first look: home at once, where there is a `quietMs`. Heartbeats, and comes home early when the activity is
 * cancelled. Answers whether it came home in the middle of work, only because its time was over: then the loop had better not sleep.
 */
export async function linger(look: (timeLeft: TimeLeft) => Promise<boolean>, options: Lingering = {}): Promise<boolean> {
  const { limitMs = 5_000, quietMs = 1_500, pauseMs = [100, 200] } = options;
  const activity = currentActivity();
  const signal = activity?.cancellationSignal;
  const start = performance.now();
  const timeLeft: TimeLeft = () => performance.now() - start < limitMs && !signal?.aborted;

  let lastFound = -Infinity;
  for (;;) {
    activity?.heartbeat();
    const found = await look(timeLeft);
    const now = performance.now();
    if (found) lastFound = now;
    if (quietMs !== null && now - lastFound >= quietMs) return false;
    if (timeLeft()) await pause(found ? pauseMs[0] : pauseMs[1], undefined, { signal }).catch(() => {});
    if (!timeLeft()) return true;
  }
}

/** Null outside a worker, as in a test that calls an activity as the function it is. */
function currentActivity(): Context | null {
  try {
    return Context.current();
  } catch {
    return null;
  }
}
