import { asRouted, routedWords } from '../routing/words.ts';
import type { Decided } from './decided.ts';
import { poolWords } from './pools.ts';
import { known, value } from './value.ts';

interface Change {
  was: unknown;
  is: unknown;
}

const changed = (given: unknown): given is Change =>
  typeof given === 'object' && given !== null && (given as Change).was !== (given as Change).is;

function scored({ because }: Decided): string {
  const said = ['fit', 'level', 'qualified'].flatMap((name) => {
    const change = because[name];
    if (!changed(change)) return [];
    if (name === 'qualified')
      return [change.is === true ? 'now meets the qualification standard' : 'no longer meets the qualification standard'];
    return [change.was === null ? `${name} ${value(change.is)}` : `${name} ${value(change.was)} → ${value(change.is)}`];
  });
  return `scored: ${said.length > 0 ? said.join(', ') : 'as before'}`;
}

const sources: Record<string, string> = {
  standard: 'meets the qualification standard',
  handoff: 'a campaign hands over here',
  form: 'asked for sales by a form',
  api: 'by hand',
};

function handedOver({ because }: Decided): string {
  const rule = String(because['rule'] ?? '');
  const words = known(sources, rule) ?? rule.replaceAll('_', ' ');
  const score = because['fit'] === undefined ? '' : ` (fit ${value(because['fit'])}, engagement ${value(because['engagement'])})`;
  const note = because['note'] === undefined ? '' : `: ${value(because['note'])}`;
  return `${words || 'no rule noted'}${note}${score}`;
}

/** Where it was routed, by which rule; nothing of the time before there were any. */
function routed({ because }: Decided): string {
  const found = asRouted(because['routing']);
  return found ? `routed ${routedWords(found)}` : '';
}

const conflicts: Record<string, (because: Record<string, unknown>) => string> = {
  account_owner: (because) => `${who(because)} has the account, ${value(because['other'])} an opportunity of it`,
  opportunity: (because) => `${who(because)} and ${value(because['other'])} each have an opportunity of it`,
  name_hint: (because) => `a company of this name belongs to ${who(because)}`,
};

const hands: Record<string, string> = {
  ladder: 'there was no answer in time',
  rep: 'gave it back',
  hand: 'by hand',
  absence: 'is away',
};
const ways: Record<string, string> = { rotation: 'next in the rotation', owner: 'owner of the account', hand: 'by hand' };
const who = (because: Record<string, unknown>): string => value(because['name'] ?? because['rep']);
const by = (because: Record<string, unknown>): string => (because['name'] === undefined ? '' : ` by ${who(because)}`);

/** How a talk was seen, where nobody logged it. */
const seen: Record<string, string> = { sequence: ', seen as a mail of a sequence', bcc: ', seen as a mail with our address in its Bcc' };

/** Each thing that was said anew, with what it was. */
function changes(given: unknown): string {
  const all = Object.entries((given ?? {}) as Record<string, Change>);
  return all.map(([name, { was, is }]) => `${name} ${value(was)} → ${value(is)}`).join(', ');
}

/** What scoring and sales write in the journal. */
export const salesWords = {
  scored,
  score_failed: ({ because }) => `could not be scored (${value(because['error'])}); looked at again when something new happens`,
  stage_changed: ({ because: { from, to, by: move } }) => `stage ${value(from)} → ${value(to)}: ${value(move)}`,
  corrected: ({ because }) => `corrected by hand: ${value(because['fields'])}`,
  handed_off: (decided) => [`handed to sales: ${handedOver(decided)}`, routed(decided)].filter(Boolean).join('; '),
  rerouted: (decided) => routed(decided) || 'routed anew',
  green_channel: ({ because }) => `put into the green channel by the rule ‘${value(because['by'])}’, and the managers were told`,
  conflict_noted: ({ because }) =>
    `two reps at ${value(because['account'])}: ${known(conflicts, because['kind'])?.(because) ?? value(because['kind'])}; the managers were told`,
  conflict_settled: ({ because }) =>
    `two reps at one account, settled by ${value(because['by'])}: ${because['outcome'] === 'given' ? `${who(because)} gets it` : 'both go on'}`,
  joined: (decided) => `joined an open opportunity: ${handedOver(decided)}`,
  offered: ({ because }) =>
    `offered to ${who(because)}${because['by'] === undefined ? '' : ` (${known(ways, because['by']) ?? value(because['by'])}${because['for'] === undefined ? '' : ` for ${value(because['for'])}, who is away`})`}`,
  nudged: ({ because }) => `${who(because)} was reminded`,
  backup_asked: ({ because }) => `${who(because)} was asked too`,
  passed_on: ({ because }) => `taken from ${who(because)}: ${known(hands, because['by']) ?? value(because['by'])}`,
  escalated: ({ because }) => `the managers were told: no answer from ${who(because)}`,
  sla_breached: ({ because }) => `the promise was broken: no answer from ${who(because)} in time`,
  alerted: ({ because }) => `the channel ${value(because['channel'])} was told: no answer from ${who(because)}`,
  breach_withdrawn: ({ because }) => `the promise was kept after all: they had talked on ${value(because['at'])}`,
  snooze_over: ({ because }) => `back with ${who(because)}: the time it was put off for is over`,
  rung_passed: ({ because }) => `the ladder went on without ${value(because['action'])}: ${value(because['reason'])}`,
  opportunity_accepted: ({ because }) => `accepted${by(because)}`,
  opportunity_rejected: ({ because }) => `rejected${by(because)}: ${value(because['reason'])}, so ${value(because['follows'])}`,
  opportunity_touched: ({ because }) =>
    `talked to${by(because)}${seen[String(because['how'])] ?? ''}${because['at'] === undefined ? '' : `, on ${value(because['at'])}`}`,
  opportunity_snoozed: ({ because }) => `put off${by(because)} until ${value(because['until'])}: ${value(because['reason'])}`,
  opportunity_changed: ({ because }) => `changed${by(because)}: ${changes(because['changes'])}`,
  opportunity_won: ({ because }) => `won${because['amount'] ? `: ${value(because['amount'])} ${value(because['currency'])}` : ''}`,
  opportunity_lost: ({ because }) => `lost${by(because)}${because['reason'] ? `: ${value(because['reason'])}` : ''}`,
  opportunity_resumed: () => 'the time has come to ask sales again',
  opportunity_reassigned: ({ because }) => `put back into the queue${because['name'] === undefined ? '' : ` for ${who(because)}`}`,
  unsubscribed: ({ because }) => `unsubscribed${because['topic'] ? ` from ${value(because['topic'])}` : ' from all marketing'}`,
  resubscribed: ({ because }) => `wants mail again after having left all marketing: ${value(because['topics'])}`,
  consent_expired: ({ because }) =>
    `consent to ${value(because['topic'])} ran out on ${value(because['at'])}${because['basis'] ? ` (${value(because['basis'])})` : ''}`,
  marketing_paused: ({ because }) => `marketing to this person paused${because['until'] ? ` until ${value(because['until'])}` : ''}`,
  marketing_resumed: () => 'marketing to this person goes on',
  tracking_off: () => 'clicks and opens of this person are not noted any more',
  tracking_on: () => 'clicks and opens of this person are noted again',
  campaign_held: ({ campaign }) => `“${value(campaign)}” waits: they have answered`,
  campaign_released: ({ campaign, because }) =>
    because['outcome'] === 'end_campaign'
      ? `“${value(campaign)}” ends: its owner has dealt with their answer`
      : `“${value(campaign)}” goes on after their answer`,
  ...poolWords,
} satisfies Record<string, (decided: Decided) => string>;
