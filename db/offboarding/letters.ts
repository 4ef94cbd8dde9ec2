import type { Signer } from '../../domain/offboarding/signed.ts';
import type { Queryable } from '../pool.ts';

/** A letter of a sequence that has not left: drafted, or looked through and queued. */
export interface Letter {
  id: string;
  subject: string | null;
  text: string;
  leadId: string;
  /** Who sends it now. */
  rep: Signer & { id: string };
  /** What its run was begun with. */
  entry: Record<string, unknown>;
  /** What it was made of; null where somebody has edited it, or that is not there any more. */
  source: { subject: string | null; text: string } | null;
}

/** SQL: what letter `draft` of run `e` was made of, unless it was edited. */
const source = `case when draft.version = 0 then (
    select jsonb_build_object('subject', m ->> 'subject', 'text', m ->> 'text')
      from campaign_version v, jsonb_path_query_first(v.body, '$.** ? (@.id == $step).mail', jsonb_build_object('step', draft.step_id)) m
     where v.id = e.version_id and m ->> 'text' is not null) end`;
const sender = `jsonb_build_object('id', r.id, 'name', r.name, 'email', r.email, 'title', r.title)`;

/** Which letters have another sender now. */
export interface Moved {
  drafts: readonly string[];
  sends: readonly string[];
}

/** Those of them in which words of the one before stand: drafts, and what was looked through and waits to leave. All else is written when it leaves. */
export async function writtenLetters(tx: Queryable, { drafts, sends }: Moved): Promise<{ drafts: Letter[]; sends: Letter[] }> {
  const { rows: drafted } = await tx.query<Letter>(
    `select draft.id, draft.subject, draft.body as text, draft.lead_id as "leadId", ${sender} as rep, e.entry, ${source} as source
       from draft join enrolment e on e.id = draft.enrolment_id join rep r on r.id = draft.rep_id where draft.id = any($1::uuid[]) order by draft.id`,
    [drafts],
  );
  const { rows: queued } = await tx.query<Letter>(
    `select s.id, s.params ->> 'subject' as subject, s.params ->> 'text' as text, s.lead_id as "leadId", ${sender} as rep, e.entry, ${source} as source
       from send s join enrolment e on e.id = s.enrolment_id join rep r on r.id = s.rep_id left join draft on draft.send_key = s.send_key
      where s.id = any($1::uuid[]) and s.params -> 'written' = 'true' order by s.id`,
    [sends],
  );
  return { drafts: drafted, sends: queued };
}

type Words = Pick<Letter, 'id' | 'subject' | 'text'>;
const columns = (letters: readonly Words[]): unknown[] => [
  letters.map(({ id }) => id),
  letters.map(({ subject }) => subject),
  letters.map(({ text }) => text),
];

/** Writes what these say now. */
export async function rewriteLetters(
  tx: Queryable,
  { drafts, sends }: { drafts: readonly Words[]; sends: readonly Words[] },
): Promise<void> {
  const words = 'unnest($1::uuid[], $2::text[], $3::text[]) as w (id, subject, body)';
  await tx.query(
    `update draft d set subject = w.subject, body = w.body from ${words} where d.id = w.id and d.state = 'open'`,
    columns(drafts),
  );
  await tx.query(
    `update send s set params = s.params || jsonb_build_object('subject', w.subject, 'text', w.body) from ${words} where s.id = w.id and s.state = 'queued'`,
    columns(sends),
  );
}
