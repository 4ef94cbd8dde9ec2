import { queueSends } from '../db/sends.ts';
import { taskCards } from '../db/task-cards.ts';
import { cancelMoot, dueReminders } from '../db/task-looks.ts';
import { taskMail } from '../messaging/task-mail.ts';
import type { MailSettings } from './qualification/mails.ts';
import type { Chore } from './sweep.ts';

/** What the sweeper does for tasks: nobody forgets one, and none outlives its reason. */
export function taskChores(mail: MailSettings): Chore[] {
  return [
    {
      name: 'tasks whose campaign was left',
      run: (tx) => cancelMoot(tx).then(() => []),
    },
    {
      name: 'tasks that are due',
      async run(tx) {
        const cards = await taskCards(tx, await dueReminders(tx));
        const lanes = await queueSends(
          tx,
          cards.map((card) => taskMail(mail, card, 'due')),
        );
        return lanes.map((lane) => ({ kind: 'delivery', lane }));
      },
    },
  ];
}
