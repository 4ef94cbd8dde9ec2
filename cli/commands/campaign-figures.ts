import { command } from '../command.ts';
import { Failure } from '../failure.ts';
import { paint, say, sayJson, table } from '../output.ts';
import { campaignKey as key, campaignPath as path } from './campaign-try.ts';

interface Split {
  step: string;
  metric: string | { event: string } | null;
  minimum: number | null;
  within: string | null;
  winner: string | null;
  arms: { arm: string; entered: number; counted: number; successes: number; rate: number | null; low: number; high: number }[];
}
interface Group {
  entered: number;
  goals: number;
  rate: number | null;
  low: number;
  high: number;
}
interface Holdout {
  goal: string;
  treated: Group;
  heldOut: Group;
  verdict: string;
}

const percent = (share: number | null): string => (share === null ? '–' : `${(100 * share).toFixed(1)} %`);
const range = ({ low, high }: { low: number; high: number }): string => `${percent(low)} to ${percent(high)}`;

function tellSplit({ step, metric, minimum, within, winner, arms }: Split): void {
  const by = metric === null ? 'nothing is measured; by the goal' : `by ${typeof metric === 'string' ? metric : metric.event}`;
  say(`${paint('bold', step)}: ${by}${within ? ` within ${within}` : ''}${minimum ? `, at least ${minimum} an arm` : ''}`);
  say(winner ? `${paint('green', '✓')} ${winner} has won and takes all who come` : 'no arm has won');
  say(
    table(
      ['arm', 'entered', 'counted', 'of them', 'rate', 'true rate'],
      arms.map((one) => [one.arm, one.entered, one.counted, one.successes, percent(one.rate), range(one)]),
    ),
  );
  say();
}

/** `tendril campaign figures KEY`: how the arms of its splits do, and what it does against those held out. */
export const figures = command({
  name: 'figures',
  description: 'How the arms of its splits do, and the treated against those held out; with intervals',
  args: { key },
  async run({ args, client }) {
    const { splits } = await client.get<{ splits: Split[] }>(path(args.key, '/splits'));
    const holdout = await client.get<Holdout>(path(args.key, '/holdout')).catch((error: unknown) => {
      // A campaign without a goal has nothing to be compared by.
      if (error instanceof Failure) return null;
      throw error;
    });
    if (args.json) return sayJson({ splits, holdout });
    splits.forEach(tellSplit);
    if (splits.length === 0) say('It has no split.');
    if (!holdout) return say('It has no goal: those held out cannot be compared.');
    say(`${paint('bold', holdout.goal)}: ${holdout.verdict}`);
    const row = (name: string, group: Group) => [name, group.entered, group.goals, percent(group.rate), range(group)];
    say(table(['', 'entered', 'reached it', 'rate', 'true rate'], [row('treated', holdout.treated), row('held out', holdout.heldOut)]));
  },
});
