import type { ActivityInterceptorsFactory } from '@temporalio/worker';

/** How often an activity says that its process lives, ms: well under the workflows' heartbeat timeout. */
const EVERY_MS = 2_000;

/**
 * Every activity says that it lives as long as it runs. So the loops of a worker that was killed, or hangs, are with another one
 * within seconds; that an activity does not take for ever is up to its own time-out.
 */
export const activityBeat: ActivityInterceptorsFactory = (activity) => ({
  inbound: {
    async execute(input, next) {
      const beat = setInterval(() => activity.heartbeat(), EVERY_MS);
      try {
        return await next(input);
      } finally {
        clearInterval(beat);
      }
    },
  },
});
