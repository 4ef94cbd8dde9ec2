import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';
import type { Context } from 'hono';
import { TendrilError } from '../../../domain/errors.ts';

/**
 * Counts submissions from one address to one form, `perMinute` of which pass; then 429 with Retry-After. Each process counts for
 * itself: several behind a balancer let through as many times more.
 */
export function createFormRate(perMinute: number): (c: Context, ip: string, formKey: string) => Promise<void> {
  const limiter = new RateLimiterMemory({ points: perMinute, duration: 60 });
  return async (c, ip, formKey) => {
    try {
      await limiter.consume(`${formKey} ${ip}`);
    } catch (refused) {
      if (refused instanceof Error) throw refused;
      const seconds = Math.max(1, Math.ceil((refused as RateLimiterRes).msBeforeNext / 1_000));
      c.header('retry-after', String(seconds));
      throw new TendrilError('rate_limited', `Too many submissions of this form from one address; try again in ${seconds} s`);
    }
  };
}
