import { listCaptured, readCaptured } from '../../db/captured-mail.ts';
import type { ApiDeps } from '../deps.ts';

export type Outbox = ReturnType<typeof createOutbox>;

/** What the capture transport received. Where mail really leaves it is empty: what was captured before is nobody's to read. */
export function createOutbox({ pool, config }: Pick<ApiDeps, 'pool' | 'config'>) {
  const captures = Object.values(config.carriers).includes('capture');
  return {
    list: async (page: Parameters<typeof listCaptured>[1]) => (captures ? listCaptured(pool, page) : { items: [], nextCursor: null }),
    read: async (id: string) => (captures ? readCaptured(pool, id) : null),
  };
}
