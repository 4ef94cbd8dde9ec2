import type { Pool } from 'pg';
import { type CampaignRow, requireCampaign } from '../../db/campaigns.ts';
import { inTransaction, type Queryable } from '../../db/pool.ts';
import { nurtureLoops } from '../../db/ranges.ts';
import { TendrilError } from '../../domain/errors.ts';
import type { Poke } from '../../domain/loops.ts';

/** Changes a campaign's state by a guarded update, then has its loops and lanes look. Throws `conflict` when its state does not allow it. */
export async function changeState(
  { pool, poke }: { pool: Pool; poke: Poke },
  key: string,
  change: (tx: Queryable, campaignId: string) => Promise<boolean>,
  refusal: string,
): Promise<CampaignRow> {
  const row = await inTransaction(pool, async (tx) => {
    const { id, state } = await requireCampaign(tx, key);
    if (!(await change(tx, id))) throw new TendrilError('conflict', `${refusal} This one is ${state}.`);
    return requireCampaign(tx, key);
  });
  for (const loop of await nurtureLoops(pool, row.id)) poke(loop);
  for (const lane of ['marketing', 'transactional']) poke({ kind: 'delivery', lane });
  return row;
}
