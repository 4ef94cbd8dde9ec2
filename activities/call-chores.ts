import { forgetCallBodies } from '../db/call-retry.ts';
import type { Chore } from './sweep.ts';

/** What the sweeper does for calls to other systems: what they said is kept for so many days. */
export const callChores = (keepDays: number): Chore[] => [
  { name: 'bodies of calls whose time is over', run: (tx) => forgetCallBodies(tx, keepDays).then(() => []) },
];
