import type { Pool } from 'pg';
import { judgeDue } from '../../db/hit-judgement.ts';
import { storeLinks } from '../../db/links.ts';
import { inTransaction } from '../../db/pool.ts';
import type { NewSend } from '../../db/sends.ts';
import { createLinkTokens, linkCode, TRAP } from '../../messaging/link-tokens.ts';
import { leadWithMail, SECRET } from './delivery.ts';

/** Browsers of people. */
export const FIREFOX = { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:141.0) Gecko/20100101 Firefox/141.0' };
export const SAFARI = {
  'user-agent': 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
};
/** A gateway that says nothing of itself. */
export const GATEWAY = {
  'user-agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36',
};

export const tokens = createLinkTokens(SECRET);

/** A mail that the server took an hour ago (real time), with a link of each name, in this order, to https://firm.example/<name>. */
export async function trackedMail(pool: Pool, email: string, names: readonly string[] = ['study'], mail: Partial<NewSend> = {}) {
  const leadId = await leadWithMail(pool, email, mail);
  await pool.query(`insert into lead_identity (kind, value, lead_id) values ('email', $1, $2)`, [email, leadId]);
  const { rows } = await pool.query<{ id: string }>(
    `update send set state = 'accepted', settled_at = clock() - interval '1 hour', in_flight_at = clock() - interval '1 hour' where lead_id = $1 returning id`,
    [leadId],
  );
  const sendId = rows[0]!.id;
  const urlOf = (name: string) => `https://firm.example/${name}?a=1&b=2`;
  await storeLinks(
    pool,
    names.map((name) => ({ code: linkCode(name, urlOf(name)), name, url: urlOf(name) })),
  );
  const made = tokens.ofMail(sendId);
  return {
    sendId,
    leadId,
    urlOf,
    /** Path of a link. */
    link: (name: string) => `/c/${made.click(linkCode(name, urlOf(name)), names.indexOf(name))}`,
    picture: `/i/${made.open()}.gif`,
    trap: `/c/${made.click(TRAP, Infinity)}`,
    /** Every hit in the order it came: what, and who it was (`undecided`, `human`, or the machine's reason). */
    async hits(): Promise<string[]> {
      const { rows: hits } = await pool.query<{ told: string }>(
        `select coalesce(link, 'open') || ' ' || coalesce(reason, verdict, 'undecided') as told from hit where send_id = $1 order by at_real, id`,
        [sendId],
      );
      return hits.map(({ told }) => told);
    },
    /** The events that came of it. */
    async events(): Promise<{ name: string; link?: string; at: Date; properties: Record<string, unknown> }[]> {
      const { rows: events } = await pool.query<{ name: string; at: Date; properties: Record<string, unknown> }>(
        `select name, at, properties from event where lead_id = $1 and name like 'email_%' order by at, id`,
        [leadId],
      );
      return events;
    },
  };
}

/** The minute of every hit is over, and the sweeper looks. */
export async function judgeAll(pool: Pool) {
  await pool.query('update hit set judge_at_real = now() where judge_at_real is not null');
  return inTransaction(pool, judgeDue);
}
