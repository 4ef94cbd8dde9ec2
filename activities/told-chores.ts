import { forgetTold } from '../db/forget-told.ts';
import type { Chore } from './sweep.ts';

/** What is told of mails is kept for so many days. */
export const toldChores = (days: number): readonly Chore[] => [
  { name: 'what providers told of mails, long ago', run: (tx) => forgetTold(tx, days).then(() => []) },
];
