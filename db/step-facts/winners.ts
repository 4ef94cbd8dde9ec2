import { winners as load } from '../splits.ts';
import type { StepFactLoader } from './index.ts';

/** Which arms have won, for all of a campaign's people alike. */
export const winners: StepFactLoader<'winners'> = async (tx, subjects) => {
  const won = subjects[0] ? await load(tx, subjects[0].campaignId) : {};
  return subjects.map(() => won);
};
