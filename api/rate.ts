import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import type { Context } from 'hono';
import { TendrilError } from '../domain/errors.ts';

/**
 * Counts requests by whatever names who sends them, `perMinute` of which pass; then 429 with Retry-After. Each process counts for
 * itself: several behind a balancer let through as many times more. `tooMany` is the sentence's beginning, e.g. `Too many calls`.
 */
export function createRate(perMinute: number, tooMany: string): (c: Context, who: string) => Promise<void> {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  return async (c, who) => {
    try {
      await limiter.consume(who);
    } catch (refused) {
      if (refused instanceof Error) throw refused;
      const seconds = Math.max(1, Math.ceil((refused as RateLimiterRes).msBeforeNext / 1_000));
      c.header('retry-after', String(seconds));
      throw new TendrilError('rate_limited', `${tooMany}; try again in ${seconds} s`);
    }
  };
}
