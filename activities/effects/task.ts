import { queueSends } from '../../db/sends.ts';
import { taskCards } from '../../db/task-cards.ts';
import { openTasks } from '../../db/tasks.ts';
import { wokenLoops } from '../../db/woken-loops.ts';
import { taskMail } from '../../messaging/task-mail.ts';
import type { EffectFamily } from './family.ts';

/** Opens the batch's tasks and tells their owners. */
export const task: EffectFamily<'task'> = async (tx, carried, { range, mail }) => {
  const { opened, woken } = await openTasks(
    tx,
    carried.map(({ effect: { kind: _, ...asked }, stepId, enrolment }) => ({
      ...asked,
      stepId,
      leadId: enrolment.leadId,
      campaignId: range.campaignId,
      enrolmentId: enrolment.id,
      test: enrolment.test,
    })),
  );
  const lanes = await queueSends(
    tx,
    (await taskCards(tx, opened)).map((card) => taskMail(mail, card, 'new')),
  );
  return [...lanes.map((lane) => ({ kind: 'delivery' as const, lane })), ...(await wokenLoops(tx, woken))];
};
