import { callbacksOpened, dueCallbacks, replanCallbacks } from '../db/callbacks.ts';
import type { Queryable } from '../db/pool.ts';
import { queueSends } from '../db/sends.ts';
import { taskCards } from '../db/task-cards.ts';
import { cancelMoot, dueReminders } from '../db/task-looks.ts';
import { type NewTask, openTasks } from '../db/tasks.ts';
import { wokenLoops } from '../db/woken-loops.ts';
import { deliveryOf, type Loop } from '../domain/loops.ts';
import { taskMail } from '../messaging/task-mail.ts';
import type { MailSettings } from './qualification/mails.ts';
import type { Chore } from './sweep.ts';

/** Opens tasks, those that are not there yet, and tells their owners. Answers whom to poke after the commit. */
export async function openAndTell(tx: Queryable, mail: MailSettings, tasks: readonly NewTask[]): Promise<Loop[]> {
  const { opened, woken } = await openTasks(tx, tasks);
  return [...(await tellOwners(tx, mail, opened, 'new')), ...(await wokenLoops(tx, woken))];
}

async function tellOwners(tx: Queryable, mail: MailSettings, ids: readonly string[], kind: 'new' | 'soon' | 'due'): Promise<Loop[]> {
  const cards = await taskCards(tx, ids);
  const lanes = await queueSends(
    tx,
    cards.map((card) => taskMail(mail, card, kind)),
  );
  return deliveryOf(lanes);
}

/** What the sweeper does for tasks: nobody forgets one, and none outlives its reason. */
export function taskChores(mail: MailSettings): Chore[] {
  return [
    {
      name: 'call-backs, by the rules in force',
      run: (tx) => replanCallbacks(tx).then(() => []),
    },
    {
      name: 'call-backs whose time has come',
      async run(tx) {
        const { due, tasks } = await dueCallbacks(tx);
        const loops = await openAndTell(tx, mail, tasks);
        await callbacksOpened(tx, due);
        return loops;
      },
    },
    {
      name: 'tasks whose campaign was left',
      run: (tx) => cancelMoot(tx).then(() => []),
    },
    {
      name: 'tasks that are due',
      async run(tx) {
        const { soon, due } = await dueReminders(tx);
        return [...(await tellOwners(tx, mail, soon, 'soon')), ...(await tellOwners(tx, mail, due, 'due'))];
      },
    },
  ];
}
