import { command, group } from '../command.ts';
import { Failure } from '../failure.ts';
import { paint, say, sayJson, table } from '../output.ts';

interface Call {
  id: string;
  kind: string;
  state: string;
  host: string;
  campaign: string | null;
  step: string | null;
  attempts: number;
  reason: string | null;
  settledAt: string | null;
}
interface Page {
  items: Call[];
  nextCursor: string | null;
}

const host = { type: 'string', description: 'Only those to this host, host or host:port', valueHint: 'HOST' } as const;

/** The path of a page of calls. */
const callsPath = (state: string, to: string | undefined, cursor: string | null): string =>
  `/v1/calls?${new URLSearchParams({ state, ...(to && { host: to }), ...(cursor && { cursor }), limit: '100' }).toString()}`;

const list = command({
  name: 'list',
  description: 'What was said to other systems and failed for good, the newest first',
  args: { state: { type: 'string', description: 'queued, claimed, done, failed or cancelled', default: 'failed' }, host },
  async run({ args, client }) {
    const found = await client.get<Page>(callsPath(args.state, args.host, null));
    if (args.json) return sayJson(found);
    if (found.items.length === 0) return say(`No call is ${args.state}.`);
    say(
      table(
        ['id', 'to', 'campaign', 'step', 'attempts', 'why', 'settled'],
        found.items.map((one) => [
          one.id,
          one.host,
          one.campaign ?? '–',
          one.step ?? '–',
          one.attempts,
          one.reason ?? '–',
          one.settledAt ?? '–',
        ]),
      ),
    );
    if (found.nextCursor) say(paint('dim', 'There are more: GET /v1/calls'));
  },
});

const retry = command({
  name: 'retry',
  description: 'Make a call again that has failed, or with --all every one of them',
  args: {
    id: { type: 'positional', description: 'Id of the call', required: false },
    all: { type: 'boolean', description: 'All that have failed', default: false },
    host,
  },
  async run({ args, client }) {
    if ((args.id === undefined) === !args.all) throw new Failure('Which calls?', ['Name one by its id, or say --all.']);
    const ids: string[] = args.id === undefined ? [] : [args.id];
    for (let cursor: string | null = null; args.all;) {
      const page: Page = await client.get<Page>(callsPath('failed', args.host, cursor));
      ids.push(...page.items.map((one) => one.id));
      cursor = page.nextCursor;
      if (cursor === null) break;
    }
    for (const id of ids) await client.post(`/v1/calls/${encodeURIComponent(id)}/retry`);
    if (args.json) return sayJson({ retried: ids });
    say(`${paint('green', '✓')} ${ids.length === 1 ? 'One call is' : `${ids.length} calls are`} made again`);
  },
});

/** `tendril calls …`: what was said to other systems. */
export const calls = group('calls', 'What campaigns say to other systems: what failed, and saying it again', { list, retry }, 'list');
