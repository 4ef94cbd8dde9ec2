import type { Decided } from './decided.ts';
import { value } from './value.ts';

/** What became of that which a campaign asked of people and of other systems. */
export const askedWords = {
  task_opened: ({ because }) => `task “${value(because['title'])}” for ${value(because['name'])}, due ${value(because['due'])}`,
  task_done: ({ because }) =>
    `task “${value(because['title'])}” of ${value(because['name'])}: ${value(because['outcome'])}${noted(because)}`,
  task_cancelled: ({ because }) =>
    `task “${value(because['title'])}” of ${value(because['name'])} cancelled: ${because['by'] === 'campaign' ? 'the lead has left the campaign' : 'by hand'}${noted(because)}`,
  task_reassigned: ({ because }) => `task “${value(because['title'])}” went from ${value(because['from'])} to ${value(because['name'])}`,
  task_snoozed: ({ because }) => `task “${value(because['title'])}” of ${value(because['name'])} rests until ${value(because['until'])}`,
  task_moved: ({ because }) => `task “${value(because['title'])}” of ${value(because['name'])} is now due ${value(because['due'])}`,
  call_failed: ({ because }) =>
    `attempt ${value(because['attempt'])} to call ${value(because['host'])} failed: ${value(because['reason'])}${because['again'] ? `; tried again on ${value(because['again'])}` : ''}`,
  call_retried: ({ because }) => `the call to ${value(because['host'])} is made again, by hand`,
} satisfies Record<string, (decided: Decided) => string>;

const noted = ({ note }: Record<string, unknown>): string => (typeof note === 'string' ? ` (${note})` : '');
