import { command } from '../command.ts';
import { paint, say, sayJson, table } from '../output.ts';
import { campaignKey as key, campaignPath } from './campaign-try.ts';

interface VersionMoved {
  moved: number;
  underWay: number;
  lost: number;
  steps: { stepId: string; count: number; to: string | null; how: string }[];
}

/** `tendril campaign migrate KEY --from N --to N` */
export const migrate = command({
  name: 'migrate',
  description: 'Move those under way to another version: previewed, and done with --apply',
  args: {
    key,
    from: { type: 'string', description: 'The version whose people are moved', required: true, valueHint: 'N' },
    to: { type: 'string', description: 'The version they go on with', required: true, valueHint: 'N' },
    map: {
      type: 'string',
      description: 'Where those on steps that are gone go on, or nothing to have them leave: old=fresh,older=',
      default: '',
      valueHint: 'MAP',
    },
    apply: { type: 'boolean', description: 'Do it', default: false },
  },
  async run({ args, client }) {
    const map = Object.fromEntries(
      args.map
        .split(',')
        .filter(Boolean)
        .map((pair) => {
          const [old, fresh] = pair.split('=');
          return [old!.trim(), fresh?.trim() || null];
        }),
    );
    const found = await client.post<VersionMoved>(campaignPath(args.key, '/migrate'), {
      from: Number(args.from),
      to: Number(args.to),
      map,
      preview: !args.apply,
    });
    if (args.json) return sayJson(found);
    const where = ({ to, how }: VersionMoved['steps'][number]): string =>
      how === 'lost' ? 'nowhere: say --map' : (to ?? 'leave the campaign');
    say(
      table(
        ['step', 'people', 'go on at'],
        found.steps.map((step) => [step.stepId, step.count, where(step)]),
      ),
    );
    if (args.apply) say(`${paint('green', '✓')} ${found.moved} moved to version ${args.to}`);
    else say(found.lost > 0 ? paint('yellow', `${found.lost} would be lost`) : `${found.underWay} would be moved: say --apply`);
  },
});
