import type { Queryable } from '../pool.ts';

/** What a rep has that somebody must have: open things only, table by table. Nothing of it may be left when they have gone. */
export interface Left {
  accounts: number;
  /** Accepted, and not closed. */
  opportunities: number;
  /** Offered to them, or they are asked too. */
  offers: number;
  tasks: number;
  /** Runs of sequences under their name. */
  sequences: number;
  /** Mails of theirs that wait to be looked through. */
  drafts: number;
  /** Mails under their name that have not left. */
  mails: number;
  /** Reps who have them as their stand-in. */
  standIns: number;
  /** Keys to the api in force. */
  keys: number;
  /** Whether their own mailbox is read. */
  mailboxes: number;
}

/** SQL: each count for the rep whose id is `r`. Every table that names a rep as the one who has something is here. */
const leftOf = (r: string): string => `
  (select count(*)::int from account where owner_rep_id = ${r}) as accounts,
  (select count(*)::int from opportunity where owner_rep_id = ${r} and closed_at is null and state in ('accepted', 'touched')) as opportunities,
  (select count(*)::int from opportunity where owner_rep_id = ${r} and closed_at is null and state = 'offered')
    + (select count(*)::int from opportunity where asked_rep_id = ${r} and closed_at is null) as offers,
  (select count(*)::int from task where owner_rep_id = ${r} and state = 'open') as tasks,
  (select count(*)::int from enrolment where rep_id = ${r} and state = 'active') as sequences,
  (select count(*)::int from draft where rep_id = ${r} and state = 'open') as drafts,
  (select count(*)::int from send where rep_id = ${r} and class = 'personal' and state = 'queued' and settled_at is null) as mails,
  (select count(*)::int from rep where stand_in_rep_id = ${r}) as "standIns",
  (select count(*)::int from api_key where rep_id = ${r} and revoked_at is null) as keys,
  (select count(*)::int from rep_mailbox where rep_id = ${r} and active) as mailboxes`;

/** What is theirs at this moment. */
export async function whatIsLeft(tx: Queryable, repId: string): Promise<Left> {
  const { rows } = await tx.query<Left>(`select ${leftOf('$1::uuid')}`, [repId]);
  return rows[0]!;
}

/** Whether nothing is. */
export const nothingIn = (left: Left): boolean => Object.values(left).every((count) => count === 0);

/** SQL: rep `r` has something open that somebody must have, tasks aside: those of whoever is not active go to others by themselves. By index. */
export const hasSomething = `(exists (select from account a where a.owner_rep_id = r.id)
    or exists (select from opportunity o where o.owner_rep_id = r.id and o.closed_at is null)
    or exists (select from opportunity o where o.asked_rep_id = r.id and o.closed_at is null)
    or exists (select from enrolment e where e.rep_id = r.id and e.state = 'active')
    or exists (select from draft d where d.rep_id = r.id and d.state = 'open')
    or exists (select from send s where s.rep_id = r.id and s.class = 'personal' and s.state = 'queued' and s.settled_at is null))`;
