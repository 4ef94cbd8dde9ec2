import type { Because as Written } from '../campaign/step.ts';
import { whyOf } from '../campaign/steps/index.ts';
import { sequenceRules } from './sequences.ts';
import { known, value } from './value.ts';

type Because = Record<string, unknown>;

/** Why a campaign decided as it did, by the rule that its step or guard wrote: a step kind's own words, else those below. An unknown rule is told by its name. */
export function ruleWords(because: Because): string {
  const rule = String(because['rule'] ?? 'no rule noted');
  return whyOf(rule)?.(because as Written) ?? (known(rules, rule) ?? known(sequenceRules, rule))?.(because) ?? rule.replaceAll('_', ' ');
}

const rules: Record<string, (because: Because) => string> = {
  entry: ({ event, reason, holdout }) => {
    const how = reason === undefined ? (event === 'by hand' ? 'added by hand' : `${value(event)} happened`) : value(reason);
    return holdout === true ? `${how}, held out for comparison: no step has an effect` : how;
  },
  event: () => 'the event was not one it asks for',
  'entry.if': () => 'its condition for entering did not hold',
  reentry: ({ reason, from }) => `${value(reason)}${from === undefined ? '' : `, from ${value(from)} on`}`,
  paused: () => 'it was paused at the time, and resumed without those who had waited',
  exclude: ({ segment }) => `belongs to the excluded segment ${value(segment)}`,
  exitWhen: () => 'the condition for leaving holds',
  start: ({ until }) => `the campaign begins on ${value(until)}`,
  end_date: ({ at }) => `the campaign was over on ${value(at)}`,
  warm_up: ({ until }) => `the domain it is sent from is being warmed up and takes no more today; it goes on ${value(until)}`,
  provider_throttle: ({ until }) => `the mailbox provider is given so many mails a minute; it goes on ${value(until)}`,
  domain_paused: () => 'marketing from the domain it is sent from is paused',
  step_paused: () => 'this step is paused',
  holdout: ({ instead }) => `held out for comparison, so without effect: ${ruleWords(instead as Because)}`,
  company: ({ reason, roles, people }) =>
    `as one of its company: ${value(reason)}${Array.isArray(roles) && roles.length > 0 ? ` (wanted: ${value(roles)})` : ''}${people === undefined ? '' : ` (${value(people)})`}`,
  replied: () => 'they had answered, and their owner ended it',
  complained: ({ source }) => `reported a mail as spam (told by ${value(source)})`,
  archived: () => 'it was archived',
  migrated: ({ from, to, step }) => `moved from version ${value(from)}, step ${value(step)}, to version ${value(to)}`,
  goal: ({ event, at }) => `${value(event)} on ${value(at)}`,
  end: () => 'there is no further step',
  exit: () => 'an exit stands here',
  step_missing: () => 'the step no longer exists in this version',
  branch: ({ arm }) => {
    if (arm === 'none') return 'no arm of the branch held';
    return arm === 'otherwise' ? 'no condition of the branch held, so otherwise' : `arm ${value(arm)} of the branch held`;
  },
};
