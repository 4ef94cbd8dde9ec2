import { asRouted, routedWords } from '../routing/words.ts';
import type { Decided } from './decided.ts';
import { value } from './value.ts';

/** What became of that which a campaign asked of people and of other systems. */
export const askedWords = {
  task_opened: ({ because }) => `task “${value(because['title'])}” for ${value(because['name'])}, due ${value(because['due'])}`,
  task_done: ({ because }) =>
    `task “${value(because['title'])}” of ${value(because['name'])}: ${value(because['outcome'])}${noted(because)}`,
  task_cancelled: ({ because }) =>
    `task “${value(because['title'])}” of ${value(because['name'])} cancelled: ${endings[String(because['by'])] ?? 'by hand'}${noted(because)}`,
  task_reassigned: ({ because }) =>
    `task “${value(because['title'])}” went from ${value(because['from'])} to ${value(because['name'])}${wayOf(because)}`,
  task_snoozed: ({ because }) => `task “${value(because['title'])}” of ${value(because['name'])} rests until ${value(because['until'])}`,
  task_moved: ({ because }) => `task “${value(because['title'])}” of ${value(because['name'])} is now due ${value(because['due'])}`,
  account_reassigned: ({ because }) => `the company went from ${value(because['from'])} to ${value(because['name'])}${wayOf(because)}`,
  opportunity_handed_over: ({ because }) =>
    `went from ${value(because['from'])}, who has left, to ${value(because['name'])}${wayOf(because)}`,
  rep_leaving: ({ because }) =>
    `${value(because['name'])} leaves: what they have is handed over${because['to'] ? ` to ${value(because['to'])}` : ''}`,
  rep_stays: ({ because }) => `${value(because['name'])} is there again`,
  rep_left: ({ because }) => `${value(because['name'])} has left, and nothing of theirs is left`,
  call_failed: ({ because }) =>
    `attempt ${value(because['attempt'])} to call ${value(because['host'])} failed: ${value(because['reason'])}${because['again'] ? `; tried again on ${value(because['again'])}` : ''}`,
  call_retried: ({ because }) => `the call to ${value(because['host'])} is made again, by hand`,
} satisfies Record<string, (decided: Decided) => string>;

/** Who cancels tasks, besides people. */
const endings: Record<string, string> = { campaign: 'the lead has left the campaign', record: 'what it was about is not so any more' };

/** By which rule of handing over, or of routing. */
export function wayOf({ by, routing }: Record<string, unknown>): string {
  const routed = asRouted(routing);
  return routed ? ` (${routedWords(routed)})` : typeof by === 'string' ? ` (${by})` : '';
}

const noted = ({ note }: Record<string, unknown>): string => (typeof note === 'string' ? ` (${note})` : '');
