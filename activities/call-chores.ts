import { forgetCallBodies } from '../db/call-retry.ts';
import { forgetMessages } from '../db/webhook-messages.ts';
import type { Chore } from './sweep.ts';

/** What the sweeper does for what is said to other systems: calls are kept for so many days, messages for so many. */
export const callChores = (keepDays: number, messageDays: number): Chore[] => [
  { name: 'bodies of calls whose time is over', run: (tx) => forgetCallBodies(tx, keepDays).then(() => []) },
  { name: 'messages whose time is over', run: (tx) => forgetMessages(tx, messageDays).then(() => []) },
];
