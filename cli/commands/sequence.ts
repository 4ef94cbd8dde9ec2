import { readFileSync } from 'node:fs';
import { command, group } from '../command.ts';
import { Failure } from '../failure.ts';
import { lintCommand } from '../lint.ts';
import { paint, say, sayJson, table } from '../output.ts';
import { type Stored, tellAll, tellFailing, tellState, tellTitle } from '../stored.ts';

interface Status extends Stored {
  started: number;
  active: number;
  completed: number;
  exited: number;
  failing: number;
  steps: { id: string; words: string; depth: number; active: number; passed: number }[];
}
interface Started {
  started: number;
  people: { leadId: string | null; email?: string; state: string }[];
}

const path = (key: string, rest = ''): string => `/v1/sequences/${encodeURIComponent(key)}${rest}`;

const lint = lintCommand('sequence', 'pools, reps, segments and attributes', 'pushed');

/** What came of those who did not begin, in words. */
const refusals: Record<string, string> = {
  already_running: 'it runs for them already',
  in_sequence: 'another sequence writes to them',
  in_campaign: 'a campaign mails them (--in-campaign wait begins nevertheless)',
  suppressed: 'they are not to be mailed',
  no_address: 'they have no address',
  no_owner: 'nobody has them (--rep KEY)',
  unknown: 'nobody knows them',
};

/** Addresses and lead ids, as arguments or one a line in a file. */
function namedIn(who: string): { leadIds: string[]; emails: string[] } {
  const words = who.startsWith('@') ? linesOf(who.slice(1)) : who.split(',');
  const names = words.map((one) => one.trim()).filter((one) => one !== '' && !one.startsWith('#'));
  return { leadIds: names.filter((one) => !one.includes('@')), emails: names.filter((one) => one.includes('@')) };
}

function linesOf(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/);
  } catch {
    throw new Failure(`There is no file ${file} that can be read`, ['check its name']);
  }
}

const start = command({
  name: 'start',
  description: 'Begin a sequence for people: addresses or lead ids with commas between, or @FILE with one a line',
  args: {
    key: { type: 'positional', description: 'The sequence', required: true },
    who: { type: 'positional', description: 'ana@firm.example,… or @people.txt', required: true },
    rep: { type: 'string', description: 'In whose name: the key of a rep, or owner', default: 'owner', valueHint: 'KEY' },
    'in-campaign': {
      type: 'string',
      description: 'Somebody whom a campaign mails: refuse, or wait (its marketing does)',
      default: 'refuse',
      valueHint: 'HOW',
    },
  },
  async run({ args, client }) {
    const named = namedIn(args.who);
    const found = await client.post<Started>(path(args.key, '/runs'), { ...named, rep: args.rep, inCampaign: args['in-campaign'] });
    if (args.json) {
      sayJson(found);
      return;
    }
    say(`${paint('green', '✓')} ${found.started} of ${found.people.length} begun`);
    const left = found.people.filter(({ state }) => state !== 'started');
    if (left.length > 0)
      say(
        table(
          ['who', 'why not'],
          left.map(({ email, leadId, state }) => [email ?? leadId ?? '–', refusals[state] ?? state]),
        ),
      );
  },
});

const status = command({
  name: 'status',
  description: 'Where its runs stand; without a key, all sequences',
  args: { key: { type: 'positional', description: 'The sequence', required: false } },
  async run({ args, client }) {
    if (args.key === undefined) {
      const { items } = await client.get<{ items: Stored[] }>('/v1/sequences');
      if (args.json) return sayJson(items);
      return tellAll(items, 'sequence');
    }
    const found = await client.get<Status>(path(args.key));
    if (args.json) return sayJson(found);
    const { started, active, completed, exited, failing } = found;
    tellTitle(found);
    say(`${started} begun, ${active} on the way, ${completed} at the end, ${exited} ended by an answer or by hand`);
    tellFailing(failing);
    say();
    say(
      table(
        ['step', 'what', 'here', 'passed'],
        found.steps.map((one) => [`${'  '.repeat(one.depth)}${one.id}`, one.words, one.active, one.passed]),
      ),
    );
  },
});

const stateOf = (verb: 'pause' | 'resume' | 'archive', description: string) =>
  command({
    name: verb,
    description,
    args: { key: { type: 'positional', description: 'The sequence', required: true } },
    async run({ args, client }) {
      tellState(await client.post<Stored>(path(args.key, `/${verb}`)), args.json);
    },
  });

/** `tendril sequence …` */
export const sequence = group('sequence', 'Lint, begin, watch, pause, resume and archive one-to-one sequences', {
  lint,
  start,
  status,
  pause: stateOf('pause', 'Stop its runs and their letters; clocks run on'),
  resume: stateOf('resume', 'Go on after a pause'),
  archive: stateOf('archive', 'End it for good: every run of it ends'),
});
