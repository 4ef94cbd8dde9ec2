import { stopWords } from '../sequences/rules.ts';
import { wayOf } from './asked.ts';
import type { Decided } from './decided.ts';
import { known, value } from './value.ts';

type Because = Record<string, unknown>;

/** What becomes of a run of a sequence besides its steps. */
export const sequenceWords = {
  run_paused: ({ campaign }) => `“${value(campaign)}” was paused for them, by hand`,
  run_resumed: ({ campaign }) => `“${value(campaign)}” goes on for them`,
  run_given: ({ campaign, because }) =>
    `“${value(campaign)}” goes on under the name of ${value(because['name'])}, who took over from ${value(because['from'])}${wayOf(because)}`,
  draft_sent: ({ because }) => `${value(because['name'])} sent ${draft(because)}${because['edited'] === true ? ', edited' : ''}`,
  draft_skipped: ({ because }) => `${value(because['name'])} skipped ${draft(because)}`,
} satisfies Record<string, (decided: Decided) => string>;

const draft = ({ subject }: Because): string =>
  typeof subject === 'string' ? `the draft “${subject}”` : 'the draft of a mail in the thread';

/** Why a run does as it does, by the rule that wrote it. */
export const sequenceRules: Record<string, (because: Because) => string> = {
  run: ({ name, by }) => `started by ${value(by)}, in the name of ${value(name)}`,
  stop_on: ({ on, at }) => `${known(stopWords, on) ?? value(on)}, on ${value(at)}`,
  run_stopped: ({ note }) => `stopped by hand${note === undefined ? '' : `: ${value(note)}`}`,
  run_paused: () => 'the run is paused',
  away: ({ returns, until }) =>
    `they are out of the office${returns === null || returns === undefined ? '' : ` until ${value(returns)}`}; it goes on ${value(until)}`,
  rep_limit: ({ limit, until }) => `its rep writes ${value(limit)} letters a day; it goes on ${value(until)}`,
  mailbox_unread: () => 'the mailbox of its rep cannot be read, and an answer may lie in it',
  rep_gone: ({ until }) => `its rep is not active any more; looked at again ${value(until)}`,
};
