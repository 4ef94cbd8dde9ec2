import { deliveryOf } from '../domain/loops.ts';
import { type Morning, mornings } from '../db/day/mail.ts';
import type { Some, Waiting } from '../db/day/read.ts';
import { queueSends } from '../db/sends.ts';
import type { TaskView } from '../db/tasks-read.ts';
import { dayUrl } from '../messaging/day-link.ts';
import type { MailSettings } from './qualification/mails.ts';
import type { Chore } from './sweep.ts';

interface Row {
  what: string;
  about: string | null;
  at: string | null;
}

const rowsOf = <T>(title: string, { total, items }: Some<T>, row: (item: T) => Row) => ({
  title,
  total,
  more: total - items.length,
  rows: items.map(row),
});

const ofTask = ({ title, lead, account, dueAt }: TaskView): Row => ({
  what: title,
  about: [lead?.name ?? lead?.email, lead?.company ?? account?.name].filter(Boolean).join(', ') || null,
  at: dueAt.toISOString(),
});
const ofWaiting = ({ lead, company, since }: Waiting): Row => ({ what: lead.name, about: company, at: since.toISOString() });

/** The morning's mail: what waits for this rep today, the most pressing first, and the way to the page where it is done. One a day, by its key. */
function dayMail(mail: MailSettings, { rep, date, day }: Morning) {
  const sections = [
    rowsOf('Offered to you: yours if you take it', day.offers, ofWaiting),
    rowsOf('Accepted, and not talked to yet', day.toTouch, ofWaiting),
    rowsOf('They wrote, and wait for an answer', day.replies, ofTask),
    rowsOf('Meetings', day.meetings, ({ name, lead, company, startsAt }) => ({
      what: name,
      about: [lead.name, company].filter(Boolean).join(', '),
      at: startsAt.toISOString(),
    })),
    rowsOf('Overdue', day.overdue, ofTask),
    rowsOf('Today', day.today, ofTask),
    rowsOf('Drafts to look through', day.drafts, ({ subject, lead, company, dueAt }) => ({
      what: subject ?? 'An answer in the thread',
      about: [lead.name, company].filter(Boolean).join(', '),
      at: dueAt.toISOString(),
    })),
    rowsOf('In the days to come', day.soon, ofTask),
  ].filter(({ total }) => total > 0);
  return {
    sendKey: `day/${rep.id}/${date}`,
    class: 'internal' as const,
    priority: 60,
    repId: rep.id,
    template: 'internal-day',
    params: {
      rep: { name: rep.name, timezone: rep.timezone },
      date,
      count: sections.filter(({ title }) => title !== 'In the days to come').reduce((sum, { total }) => sum + total, 0),
      sections,
      dayUrl: dayUrl(mail, { id: rep.id, epoch: rep.linkEpoch }),
    },
  };
}

/** What the sweeper does for the mornings. */
export const dayChores = (mail: MailSettings): Chore[] => [
  {
    name: 'the morning’s list of those who want it',
    async run(tx) {
      const lanes = await queueSends(
        tx,
        (await mornings(tx)).map((morning) => dayMail(mail, morning)),
      );
      return deliveryOf(lanes);
    },
  },
];
