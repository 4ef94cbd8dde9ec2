import { away } from '../../domain/words/span.ts';
import type { Client } from '../client.ts';
import { command, group } from '../command.ts';
import { Failure } from '../failure.ts';
import { say, sayJson } from '../output.ts';

interface Clock {
  now: string;
  rate: number;
  words: string;
  nextDue: string | null;
}

function tell(clock: Clock, json: boolean): void {
  if (json) return sayJson(clock);
  const now = new Date(clock.now);
  say(`${clock.now.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')}: ${clock.words}`);
  say(clock.nextDue === null ? 'Nothing falls due later.' : `Next due ${away(new Date(clock.nextDue), now)}, at ${clock.nextDue}`);
}

const set = async (client: Client, change: object, json: boolean): Promise<void> =>
  tell(await client.post<Clock>('/v1/clock', change), json);

const show = command({
  name: 'show',
  description: 'What time it is in the workspace',
  run: async ({ args, client }) => tell(await client.get<Clock>('/v1/clock'), args.json),
});

const freeze = command({
  name: 'freeze',
  description: 'Stop the clock where it stands',
  run: ({ args, client }) => set(client, { action: 'freeze' }, args.json),
});

const jump = command({
  name: 'jump',
  description: 'Move the clock forward: by a duration, to an instant, or to the next one at which something is due',
  args: {
    by: { type: 'positional', description: 'How far: 15m, 4h, 3d, 1w, 1mo, 2bd', required: false },
    to: { type: 'string', description: 'An instant: 2027-03-04T09:00:00Z', valueHint: 'INSTANT' },
    'to-next': { type: 'boolean', description: 'To the next instant at which something falls due', default: false },
  },
  run({ args, client }) {
    const given = [args.by, args.to, args['to-next'] || undefined].filter((one) => one !== undefined);
    if (given.length !== 1)
      throw new Failure('Say how far to jump', [
        'tendril clock jump 3d',
        'tendril clock jump --to 2027-03-04T09:00:00Z',
        'tendril clock jump --to-next',
      ]);
    return set(client, { action: 'jump', ...(args.by !== undefined ? { by: args.by } : { to: args.to ?? 'next' }) }, args.json);
  },
});

const rate = command({
  name: 'rate',
  description: 'Let the clock run at a rate: workspace time = real time',
  args: { rate: { type: 'positional', description: '1d=10s lets a day pass every ten seconds', required: true } },
  run: ({ args, client }) => set(client, { action: 'rate', rate: args.rate }, args.json),
});

const real = command({
  name: 'real',
  description: 'Back to real time, even if that is earlier than the clock now shows',
  run: ({ args, client }) => set(client, { action: 'real' }, args.json),
});

/** `tendril clock …`: the workspace's own time (refused in production). */
export const clock = group('clock', "Show or set the workspace's clock", { show, freeze, jump, rate, real }, 'show');
