import type { Hit, HitKind } from '../domain/tracking/hit.ts';
import type { MachineReason } from '../domain/tracking/judge.ts';
import type { Queryable } from './pool.ts';

/** A click or an open of one mail, as it is read. */
export interface ShownHit extends Pick<Hit, 'id' | 'link' | 'userAgent' | 'signs'> {
  kind: HitKind;
  at: Date;
  url: string | null;
  source: string;
  /** Null while it is provisional. */
  verdict: 'human' | 'machine' | null;
  reason: MachineReason | null;
  /** Whether it became an event; a person's repetition within a minute does not. */
  counted: boolean;
}

/** Every click and open of a mail that is still kept, oldest first. */
export async function hitsOf(tx: Queryable, sendId: string): Promise<ShownHit[]> {
  const { rows } = await tx.query<ShownHit>(
    `select id, kind, at, link, url, source, signs, user_agent as "userAgent", verdict, reason, counted from hit where send_id = $1 order by at_real, id`,
    [sendId],
  );
  return rows;
}
