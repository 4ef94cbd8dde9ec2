import type { Context } from 'hono';
import type { ApiKey } from '../../db/api-keys.ts';
import { clientIp } from '../client-ip.ts';
import type { ApiDeps } from '../deps.ts';
import { createRate } from '../rate.ts';

/** Counts a tracking request against its key and address. A browser's key is public, so it is limited; a server's is not. */
export type CountCall = (c: Context, key: ApiKey) => Promise<void>;

/** Refuses with 429 what comes from one address with one browsers' key beyond TRACK_RATE requests a minute. */
export function createTrackRate({ config }: Pick<ApiDeps, 'config'>): CountCall {
  const count = createRate(config.TRACK_RATE, 'Too many calls with this key from one address');
  return async (c, key) => {
    if (key.origins.length > 0) await count(c, `${key.id} ${clientIp(c, config.TRUSTED_PROXIES)}`);
  };
}
