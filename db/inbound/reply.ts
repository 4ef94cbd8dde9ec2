import type { Answer } from '../../domain/inbound/answer.ts';
import type { TaskCard } from '../../domain/tasks/card.ts';
import { DONE } from '../../domain/tasks/task.ts';
import { deliveryOf } from '../../domain/loops.ts';
import { storable } from '../../domain/storable.ts';
import { openFollowUp } from '../follow-up.ts';
import type { Queryable } from '../pool.ts';
import { CONTINUE, END, pauseForReply } from '../reply-pause.ts';
import { type NewSend, queueSends } from '../sends.ts';
import { taskCards } from '../task-cards.ts';
import { storeAnswer } from './event.ts';
import type { About, Taken } from './incoming.ts';
import { takenFrom } from './too-many.ts';

/** Makes the mail that brings an answer to the owner of its task. */
export type Forward = (task: TaskCard, answer: Answer) => NewSend;

/**
 * A person answered: the event that conditions ask for; the campaign stands still for them; a task of the owner, one as long as it is open; and the
 * answer is forwarded to the owner. All of it once, in the order of their coming.
 */
export async function takeReply(tx: Queryable, about: About, said: string, forward: Forward): Promise<Taken> {
  const { inboundId, mail, raw, sent, readBy } = about;
  const rep = sent.repId === null ? null : await writerOf(tx, sent);
  const loops = await storeAnswer(tx, 'email_replied', sent, { inbound: inboundId, ...(rep && { rep: rep.key }) });
  const task = await taskFor(tx, inboundId, sent, titleOf(mail.from?.name ?? mail.from?.address, said), rep);
  const held =
    sent.campaignId !== null && sent.class === 'marketing'
      ? await pauseForReply(tx, { campaignId: sent.campaignId, leadId: sent.leadId!, taskId: task })
      : false;
  const finding = { leadId: sent.leadId, sendId: sent.id, foundBy: sent.foundBy, repId: sent.repId };
  if (task === null) return { ...finding, state: 'review', reason: 'there is nobody to give it to', detail: { said }, loops };
  if (held) await tx.query(`update task set outcomes = $2 where id = $1 and outcomes = $3`, [task, [CONTINUE, END], [DONE]]);
  if ((await takenFrom(tx, sent.leadId!)).tooMany)
    return { ...finding, state: 'done', reason: 'one of too many in a day to be forwarded', detail: { said, task }, loops };
  const [card] = await taskCards(tx, [task]);
  if (readBy !== undefined && card!.owner.id === readBy)
    return { ...finding, state: 'done', reason: 'it lies in their own mailbox', detail: { said, task }, loops };
  const answer: Answer = {
    inboundId,
    said,
    from: mail.from ?? { name: null, address: sent.address ?? '' },
    subject: mail.subject,
    answered: sent.subject,
    attachments: mail.attachments,
    held,
    kept: raw !== null,
    relay: rep && { messageId: mail.messageId, references: mail.answers.toReversed() },
  };
  const lanes = await queueSends(tx, [forward(card!, answer)]);
  const delivery = deliveryOf(lanes);
  return { ...finding, state: 'done', reason: null, detail: { said, task }, loops: [...loops, ...delivery] };
}

/** The rep under whose name a mail went, while they are with the firm; else who has taken over its run. */
async function writerOf(tx: Queryable, { repId, enrolmentId }: About['sent']): Promise<{ id: string; key: string } | null> {
  const { rows } = await tx.query<{ id: string; key: string }>(
    'select id, key from rep where active and (id = $1 or id = (select rep_id from enrolment where id = $2)) order by id = $1 desc limit 1',
    [repId, enrolmentId],
  );
  return rows[0] ?? null;
}

const LONGEST_TITLE = 120;

function titleOf(who: string | undefined, said: string): string {
  const words = said.replaceAll(/\s+/g, ' ').trim();
  const title = `${who ?? 'Somebody'} answered: ${words === '' ? '(no text)' : words}`;
  return title.length > LONGEST_TITLE ? `${storable(title, LONGEST_TITLE - 1)}…` : title;
}

/** The task about this person's answers: the one that is open, else a new one. Null where the firm has nobody who could do it. */
async function taskFor(
  tx: Queryable,
  inboundId: string,
  sent: About['sent'],
  title: string,
  rep: { id: string; key: string } | null,
): Promise<string | null> {
  const { rows: open } = await tx.query<{ id: string }>(
    `select id from task where lead_id = $1 and state = 'open' and task_key like 'reply/%' and coalesce(owner_rep_id = $2, exists (select from rep r where r.id = owner_rep_id and r.active))
      order by id limit 1 for no key update`,
    [sent.leadId, rep?.id ?? null],
  );
  if (open[0]) return open[0].id;
  const { campaignId, test } = sent;
  return openFollowUp(tx, { taskKey: `reply/${inboundId}`, title, leadId: sent.leadId!, campaignId, rep: rep?.key ?? null, test });
}
