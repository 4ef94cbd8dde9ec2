import type { TaskCard } from '../domain/tasks/card.ts';
import { outcomeWords } from '../domain/tasks/task.ts';
import { signLink } from './links.ts';

/** What the link to a task says: the task, and the rep it was made for. */
export interface TaskLink {
  t: string;
  r: string;
}

/**
 * The mail that gives a task to its owner, or reminds them of it, as a row for the ledger. Its link holds while the task is open and theirs: looking changes
 * nothing, the page's form answers.
 */
export function taskMail(
  { publicUrl, secret }: { publicUrl: string; secret: string },
  task: TaskCard,
  kind: 'new' | 'soon' | 'due' | 'reassigned',
) {
  const {
    id,
    owner,
    leadId,
    test,
    handovers,
    reminders,
    outcomes,
    dueAt,
    title,
    details,
    source,
    campaign,
    name,
    role,
    email,
    phone,
    company,
    country,
    fit,
    engagement,
  } = task;
  const which = { new: 'new', soon: `due-${reminders}`, due: `due-${reminders}`, reassigned: `handed-${handovers}` }[kind];
  return {
    sendKey: `task/${id}/${which}`,
    class: 'internal' as const,
    priority: 80,
    leadId,
    repId: owner.id,
    template: 'task',
    params: {
      kind,
      rep: { name: owner.name, timezone: owner.timezone },
      title,
      dueAt: dueAt.toISOString(),
      campaign,
      details,
      source,
      card: { name, role, email, phone, company, country, fit, engagement },
      outcomes: outcomes.map(outcomeWords),
      taskUrl: `${publicUrl}/task/${signLink(secret, 'task', { t: id, r: owner.id } satisfies TaskLink)}`,
    },
    test,
  };
}
