import type { Hit, HitKind } from '../domain/tracking/hit.ts';
import type { MachineReason } from '../domain/tracking/judge.ts';
import type { Queryable } from './pool.ts';

/** How many mails of a step people did something with. */
export interface StepReaders {
  stepId: string;
  opened: number;
  clicked: number;
}

/** Of each step of a campaign, how many mails a person opened, and in how many they clicked. Machines and test leads are not counted. */
export async function stepReaders(tx: Queryable, campaignId: string): Promise<StepReaders[]> {
  const { rows } = await tx.query<StepReaders>(
    `select step_id as "stepId", count(distinct send_id) filter (where kind = 'open')::int as opened, count(distinct send_id) filter (where kind = 'click')::int as clicked
       from hit where campaign_id = $1 and step_id is not null and counted group by step_id`,
    [campaignId],
  );
  return rows;
}

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
