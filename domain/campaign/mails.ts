import type { Campaign } from './document.ts';
import type { MailOfStep } from './step.ts';
import { kindOf } from './steps/index.ts';
import { stepsIn } from './walk.ts';

/** Every mail that a campaign sends, with the step that does. */
export function mailsIn(campaign: Campaign): (MailOfStep & { stepId: string })[] {
  return stepsIn(campaign).flatMap((step) => {
    const mail = kindOf(step)?.mail?.(step, campaign);
    return mail ? [{ stepId: step.id, ...mail }] : [];
  });
}
