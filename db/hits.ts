import type { HitKind, Sign } from '../domain/tracking/hit.ts';
import type { Loop } from '../domain/loops.ts';
import { storable } from '../domain/storable.ts';
import { judgeMails } from './hit-judgement.ts';
import type { Queryable } from './pool.ts';
import { WORKSPACE_TRACKING } from './workspace-tracking.ts';

/** A link that was followed or a picture that was loaded, as somebody tells of it. */
export interface NewHit {
  sendId: string;
  kind: HitKind;
  /** A click's link: its name, else its address. Null for an open. */
  link: string | null;
  /** Where a click's link leads. Null for an open. */
  url: string | null;
  /** The link's place in the mail, from 0, where it is known. */
  position?: number | null;
  /** `mail`: our own links; else the provider's name, such as `sendgrid`. */
  source: string;
  signs?: readonly Sign[];
  /** Empty where the caller named none; null where it is not known. */
  userAgent?: string | null;
  /** How long ago it happened, real milliseconds; a provider tells later. */
  agoMs?: number;
}

/** No mail keeps more hits than this of a kind: somebody only tries whether we count. */
const MOST_OF_A_MAIL = 500;
/** What is kept of a link's name and address, and of a user agent, characters. */
const LONGEST = { text: 2_000, userAgent: 400 };

/**
 * Notes clicks and opens, provisionally for a minute of real time; then they are judged, and the people's become events (db/hit-judgement.ts).
 * In a workspace whose clock does not run as real time does, a minute of it could be days: there they are judged at once. Hits on mails that
 * are gone, of internal mails, and of whoever is not tracked (the workspace, the campaign, the person) leave no trace. The caller knows that it has
 * not told of the same hit before. Answers the loops to poke after the commit. Run it in a transaction of its own: it locks leads.
 */
export async function recordHits(tx: Queryable, hits: readonly NewHit[]): Promise<Loop[]> {
  if (hits.length === 0) return [];
  const { rows } = await tx.query<{ sendId: string; atOnce: boolean }>(
    `with given as (
       select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::smallint[], $6::text[], $7::jsonb[], $8::text[], $9::float8[])
         with ordinality as g (send_id, kind, link, url, position, source, signs, user_agent, ago_ms, n)),
     stored as (
       insert into hit (send_id, lead_id, campaign_id, step_id, kind, link, url, position, source, signs, user_agent, at, at_real, judge_at_real)
       select s.id, s.lead_id, case when not s.test then s.campaign_id end, s.step_id, g.kind, g.link, g.url, g.position, g.source, array(select jsonb_array_elements_text(g.signs)), g.user_agent,
              clock() - make_interval(secs => g.ago_ms / 1000 * w.clock_rate), clock_timestamp() - make_interval(secs => g.ago_ms / 1000),
              case when w.clock_rate = 1 then now() + interval '1 minute' else now() end
         from given g join send s on s.id = g.send_id and s.class <> 'internal' join lead l on l.id = s.lead_id and l.untracked_at is null
         cross join workspace w
         left join campaign c on c.id = s.campaign_id left join campaign_version v on v.id = c.live_version_id
        cross join lateral (select coalesce(v.tracking, 'on') as campaign, coalesce((${WORKSPACE_TRACKING}), 'on') as workspace) t
        where 'off' not in (t.campaign, t.workspace) and (g.kind = 'click' or 'clicks' not in (t.campaign, t.workspace))
          and (select count(*) from (select from hit h where h.send_id = s.id and h.kind = g.kind limit ${MOST_OF_A_MAIL}) kept) < ${MOST_OF_A_MAIL}
        order by g.n
       returning send_id, judge_at_real)
     select distinct send_id as "sendId", judge_at_real <= now() as "atOnce" from stored`,
    [
      hits.map((hit) => hit.sendId),
      hits.map((hit) => hit.kind),
      hits.map((hit) => cut(hit.link, LONGEST.text)),
      hits.map((hit) => cut(hit.url, LONGEST.text)),
      hits.map((hit) => hit.position ?? null),
      hits.map((hit) => hit.source),
      hits.map((hit) => JSON.stringify(hit.signs ?? [])),
      hits.map((hit) => cut(hit.userAgent ?? null, LONGEST.userAgent)),
      hits.map((hit) => Math.max(0, hit.agoMs ?? 0)),
    ],
  );
  return judgeMails(
    tx,
    rows.flatMap(({ sendId, atOnce }) => (atOnce ? [sendId] : [])),
  );
}

/** How long it is kept what did not count, and the user agent of what did. */
const KEPT = '90 days';
/** How many are forgotten at a time. */
const FORGOTTEN = 5_000;

/** Forgets what machines did long ago and what people repeated, and of what counted the user agent; the oldest first. */
export async function forgetHits(tx: Queryable): Promise<void> {
  await tx.query(
    `with old as (
       select id, counted from hit
        where (not counted or user_agent is not null) and judge_at_real is null and at_real < now() - interval '${KEPT}' order by at_real limit $1),
     bared as (update hit set user_agent = null from old where hit.id = old.id and old.counted)
     delete from hit using old where hit.id = old.id and not old.counted`,
    [FORGOTTEN],
  );
}

const cut = (text: string | null, length: number): string | null => (text === null ? null : storable(text, length));
