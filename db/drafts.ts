import { plus } from '../domain/calendar/duration.ts';
import { TendrilError } from '../domain/errors.ts';
import { deliveryOf, type Loop } from '../domain/loops.ts';
import { readClock } from './clock.ts';
import { writeJournal } from './journal.ts';
import { cutPage, type Place } from './keyset.ts';
import { CALLED } from './person.ts';
import type { Queryable } from './pool.ts';
import { queueSends } from './sends.ts';
import { loadSla } from './sla.ts';
import { lockLeads, wakeEnrolments } from './wakes.ts';
import { wokenLoops } from './woken-loops.ts';

/** A letter that its rep looks through before it goes. */
export interface NewDraft {
  sendKey: string;
  enrolmentId: string;
  campaignId: string;
  stepId: string;
  leadId: string;
  repId: string;
  thread: 'new' | 'reply';
  subject: string | null;
  body: string;
  dueAt: Date;
  test: boolean;
}

export interface Draft extends Omit<NewDraft, 'sendKey'> {
  id: string;
  sendKey: string;
  version: number;
  state: 'open' | 'sent' | 'skipped' | 'cancelled';
  reminders: number;
  createdAt: Date;
  editedAt: Date | null;
  closedAt: Date | null;
  sequence: { key: string; name: string };
  rep: { id: string; key: string; name: string; email: string; timezone: string; active: boolean };
  lead: { id: string; name: string; email: string | null; title: string | null; company: string | null };
}

const DRAFT = `select d.id, d.send_key as "sendKey", d.enrolment_id as "enrolmentId", d.campaign_id as "campaignId", d.step_id as "stepId",
       d.lead_id as "leadId", d.rep_id as "repId", d.thread, d.subject, d.body, d.version, d.state, d.due_at as "dueAt", d.reminders, d.test,
       d.created_at as "createdAt", d.edited_at as "editedAt", d.closed_at as "closedAt",
       jsonb_build_object('key', c.key, 'name', c.name) as sequence,
       jsonb_build_object('id', r.id, 'key', r.key, 'name', r.name, 'email', r.email, 'timezone', r.timezone, 'active', r.active) as rep,
       jsonb_build_object('id', l.id, 'name', ${CALLED},
                          'email', l.email, 'title', l.title, 'company', coalesce(a.name, l.company)) as lead
  from draft d join campaign c on c.id = d.campaign_id join rep r on r.id = d.rep_id join lead l on l.id = d.lead_id
  left join account a on a.id = l.account_id`;

/** Makes those that are not there yet. Answers the ids of the new ones. */
export async function makeDrafts(tx: Queryable, drafts: readonly NewDraft[]): Promise<string[]> {
  if (drafts.length === 0) return [];
  const { rows } = await tx.query<{ id: string }>(
    `with made as (
       insert into draft (send_key, enrolment_id, campaign_id, step_id, lead_id, rep_id, thread, subject, body, due_at, next_look_at, test)
       select send_key, enrolment_id, campaign_id, step_id, lead_id, rep_id, thread, subject, body, due_at, due_at, test
         from unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::uuid[], $7::text[], $8::text[], $9::text[], $10::timestamptz[], $11::boolean[])
           as d (send_key, enrolment_id, campaign_id, step_id, lead_id, rep_id, thread, subject, body, due_at, test)
        order by send_key
       on conflict (send_key) do nothing returning id)
     select id from made order by id`,
    [
      drafts.map((one) => one.sendKey),
      drafts.map((one) => one.enrolmentId),
      drafts.map((one) => one.campaignId),
      drafts.map((one) => one.stepId),
      drafts.map((one) => one.leadId),
      drafts.map((one) => one.repId),
      drafts.map((one) => one.thread),
      drafts.map((one) => one.subject),
      drafts.map((one) => one.body),
      drafts.map((one) => one.dueAt),
      drafts.map((one) => one.test),
    ],
  );
  return rows.map((row) => row.id);
}

/** These drafts, by id. */
export async function draftsById(tx: Queryable, ids: readonly string[]): Promise<Draft[]> {
  if (ids.length === 0) return [];
  const { rows } = await tx.query<Draft>(`${DRAFT} where d.id = any($1::uuid[]) order by d.id`, [ids]);
  return rows;
}

/** One draft. Throws `not_found`. */
export async function requireDraft(tx: Queryable, id: string): Promise<Draft> {
  const [draft] = await draftsById(tx, [id]);
  if (!draft) throw new TendrilError('not_found', 'There is no such draft');
  return draft;
}

export interface DraftFilter {
  repId?: string | null;
  state?: Draft['state'] | undefined;
}

/** Drafts, those due first, one page from a place on. */
export async function listDrafts(tx: Queryable, { repId, state }: DraftFilter, limit: number, after: Place | null) {
  const { rows } = await tx.query<Draft & { place: Place }>(
    `select one.*, jsonb_build_object('at', one."dueAt"::text, 'id', one.id) as place from (
       ${DRAFT}
        where ($1::uuid is null or d.rep_id = $1) and ($2::text is null or d.state = $2) and ($3::timestamptz is null or (d.due_at, d.id) > ($3::timestamptz, $4::uuid))
        order by d.due_at, d.id limit $5) one`,
    [repId ?? null, state ?? null, after?.at ?? null, after?.id ?? null, limit + 1],
  );
  return cutPage(rows, limit);
}

/** The lead's lock first, as everywhere, then the draft's. */
async function hold(tx: Queryable, id: string): Promise<Draft> {
  const { leadId } = await requireDraft(tx, id);
  await lockLeads(tx, [leadId]);
  await tx.query('select from draft where id = $1 for no key update', [id]);
  return requireDraft(tx, id);
}

function mustBeOpen({ state }: Draft): void {
  if (state === 'sent') throw new TendrilError('conflict', 'It is sent already');
  if (state === 'skipped') throw new TendrilError('conflict', 'It was skipped');
  if (state === 'cancelled') throw new TendrilError('conflict', 'It is not wanted any more: the run is over');
}

/** Nobody gets a letter with a name left out. */
function mustBeWhole({ subject, body }: Draft): void {
  const [left] = /\{\{[^{}]*\}\}/.exec(`${subject ?? ''} ${body}`) ?? [];
  if (left) throw new TendrilError('conflict', `It says ${left}, which has no value: write what it is to say`);
}

export interface DraftEdit {
  /** Null: the thread's. */
  subject?: string | null | undefined;
  body?: string | undefined;
  /** The version that was read; where somebody has written since, that is a conflict. */
  version?: number | undefined;
}

/** Writes what its rep has made of it. Throws `conflict` where it is no longer open, or says something else than its editor had read. */
export async function editDraft(tx: Queryable, id: string, { subject, body, version }: DraftEdit): Promise<Draft> {
  const draft = await hold(tx, id);
  mustBeOpen(draft);
  if (version !== undefined && version !== draft.version)
    throw new TendrilError('conflict', 'Somebody has changed it meanwhile: read it again');
  await tx.query('update draft set subject = $2, body = $3, version = version + 1, edited_at = clock() where id = $1', [
    id,
    subject === undefined ? draft.subject : subject,
    body ?? draft.body,
  ]);
  return requireDraft(tx, id);
}

/**
 * It goes as it stands, once: its mail is queued, and keeps to the window and the rep's limit like any other. `edit` is written first, in the same
 * transaction. Answers the loops to poke after the commit.
 */
export async function sendDraft(tx: Queryable, id: string, edit: DraftEdit = {}): Promise<Loop[]> {
  const draft = Object.keys(edit).length > 0 ? await editDraft(tx, id, edit) : await hold(tx, id);
  mustBeOpen(draft);
  mustBeWhole(draft);
  const { sendKey, leadId, repId, campaignId, enrolmentId, stepId, thread, subject, body, test } = draft;
  const lanes = await queueSends(tx, [
    {
      sendKey,
      class: 'personal',
      leadId,
      repId,
      campaignId,
      enrolmentId,
      stepId,
      template: 'personal',
      params: { thread, subject, text: body, written: true },
      test,
    },
  ]);
  await end(tx, draft, 'sent');
  return [...deliveryOf(lanes), ...(await wokenLoops(tx, await wakeEnrolments(tx, [enrolmentId])))];
}

/** It is not sent; the run goes on with the next step. Answers the loops to poke after the commit. */
export async function skipDraft(tx: Queryable, id: string): Promise<Loop[]> {
  const draft = await hold(tx, id);
  mustBeOpen(draft);
  await end(tx, draft, 'skipped');
  return wokenLoops(tx, await wakeEnrolments(tx, [draft.enrolmentId]));
}

async function end(tx: Queryable, draft: Draft, state: 'sent' | 'skipped'): Promise<void> {
  await tx.query(`update draft set state = $2, closed_at = clock(), next_look_at = null where id = $1`, [draft.id, state]);
  const { leadId, campaignId, enrolmentId, stepId, rep, subject, version } = draft;
  const because = { draft: draft.id, name: rep.name, subject, edited: version > 0 };
  await writeJournal(tx, [{ kind: state === 'sent' ? 'draft_sent' : 'draft_skipped', leadId, campaignId, enrolmentId, stepId, because }]);
}

/** The runs are over: what was to be looked through for them is not wanted any more. */
export async function cancelDrafts(tx: Queryable, enrolmentIds: readonly string[]): Promise<void> {
  if (enrolmentIds.length === 0) return;
  await tx.query(
    `update draft set state = 'cancelled', closed_at = clock(), next_look_at = null where enrolment_id = any($1::uuid[]) and state = 'open'`,
    [enrolmentIds],
  );
}

/** How long after a reminder the next one comes. */
const AGAIN = '2bd';
/** Drafts in one look; the next comes in seconds. */
const BATCH = 500;

/** The drafts whose rep is to be reminded now; counts the reminder and says when the next one comes, by the rep's own business days. */
export async function dueDrafts(tx: Queryable): Promise<Draft[]> {
  const { rows } = await tx.query<{ id: string; timezone: string }>(
    `select d.id, r.timezone from draft d join rep r on r.id = d.rep_id
      where d.state = 'open' and d.next_look_at <= (select clock()) order by d.id limit $1 for no key update of d skip locked`,
    [BATCH],
  );
  if (rows.length === 0) return [];
  const { now } = await readClock(tx);
  const { work } = await loadSla(tx);
  const next = rows.map(({ timezone }) => {
    const { hours, holidays } = work({ hours: null, timezone });
    return plus(now, AGAIN, timezone, { hours, holidays });
  });
  const ids = rows.map(({ id }) => id);
  await tx.query(
    `update draft d set next_look_at = n.at, reminders = least(d.reminders + 1, 30000) from unnest($1::uuid[], $2::timestamptz[]) as n (id, at) where d.id = n.id`,
    [ids, next],
  );
  return draftsById(tx, ids);
}
