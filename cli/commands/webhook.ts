import { setTimeout as pause } from 'node:timers/promises';
import { command, group } from '../command.ts';
import { Failure } from '../failure.ts';
import { paint, say, sayJson, table } from '../output.ts';

interface Endpoint {
  id: string;
  url: string;
  types: string[];
  state: 'enabled' | 'disabled';
  disabledReason: string | null;
  failingSince: string | null;
  queued: number;
  dead: number;
}
interface Message {
  id: string;
  type: string;
  at: string;
  state: string;
  attempts: number;
  status: number | null;
  reason: string | null;
}

const endpoint = { type: 'positional', description: 'Id of the endpoint', required: true, valueHint: 'ENDPOINT' } as const;
const path = (id: string, rest = ''): string => `/v1/webhooks/${encodeURIComponent(id)}${rest}`;

const standing = ({ state, disabledReason, failingSince }: Endpoint): string => {
  if (state === 'disabled') return paint('red', `disabled: ${disabledReason}`);
  return failingSince === null ? paint('green', 'enabled') : paint('yellow', `nothing arrives since ${failingSince}`);
};

const list = command({
  name: 'list',
  description: 'Who is told of what happens here, and how it goes',
  async run({ args, client }) {
    const found = await client.get<{ items: Endpoint[] }>('/v1/webhooks');
    if (args.json) return sayJson(found);
    if (found.items.length === 0) return say('Nobody is told. Add somebody: tendril webhook add URL --types "opportunity.*"');
    say(
      table(
        ['id', 'to', 'types', 'state', 'waiting', 'given up'],
        found.items.map((one) => [one.id, one.url, one.types.join(' '), standing(one), String(one.queued), String(one.dead)]),
      ),
    );
  },
});

const add = command({
  name: 'add',
  description: 'Have a URL told of what happens here; the signing secret is shown this once',
  args: {
    to: { type: 'positional', description: 'Where to: https://…', required: true, valueHint: 'URL' },
    types: { type: 'string', description: 'Types, groups (opportunity.*) or *, comma-separated', required: true, valueHint: 'TYPES' },
    system: { type: 'string', description: 'The system it belongs to: it is not told what it has told itself', valueHint: 'NAME' },
  },
  async run({ args, client }) {
    const types = args.types.split(',').map((one) => one.trim());
    const made = await client.post<Endpoint & { secret: string }>('/v1/webhooks', {
      url: args.to,
      types,
      ...(args.system && { system: args.system }),
    });
    if (args.json) return sayJson(made);
    say(`${paint('green', '✓')} ${made.url} is told of ${types.join(', ')}`);
    say(`  id      ${made.id}`);
    say(`  secret  ${made.secret}  ${paint('dim', '(keep it: it is not shown again)')}`);
  },
});

const messages = command({
  name: 'messages',
  description: 'What an endpoint was told last, the newest first',
  args: { id: endpoint, state: { type: 'string', description: 'queued, claimed, done or dead' } },
  async run({ args, client }) {
    const query = new URLSearchParams({ limit: '50', ...(args.state && { state: args.state }) }).toString();
    const found = await client.get<{ items: Message[] }>(path(args.id, `/messages?${query}`));
    if (args.json) return sayJson(found);
    if (found.items.length === 0) return say('There are none.');
    say(
      table(
        ['id', 'type', 'happened', 'state', 'attempts', 'answer'],
        found.items.map((one) => [one.id, one.type, one.at, one.state, String(one.attempts), one.reason ?? String(one.status ?? '–')]),
      ),
    );
  },
});

/** How long a test is waited for, and how often it is looked at, ms. */
const PATIENCE_MS = 20_000;
const LOOK_MS = 500;

const test = command({
  name: 'test',
  description: 'Send an endpoint a test message and say what it answered',
  args: { id: endpoint },
  async run({ args, client }) {
    const { messageId } = await client.post<{ messageId: string }>(path(args.id, '/test'));
    const until = Date.now() + PATIENCE_MS;
    let message = await client.get<Message>(path(args.id, `/messages/${messageId}`));
    while (message.attempts === 0 || message.state === 'claimed') {
      if (Date.now() > until) break;
      await pause(LOOK_MS);
      message = await client.get<Message>(path(args.id, `/messages/${messageId}`));
    }
    if (args.json) sayJson(message);
    else if (message.state === 'done') say(`${paint('green', '✓')} It answered ${message.status}`);
    else say(`${paint('red', '✗')} ${message.reason ?? 'It has not been sent yet: is a worker running?'}`);
    return message.state === 'done';
  },
});

const replay = command({
  name: 'replay',
  description: 'Tell an endpoint once more: what was given up, single messages, or everything since a moment',
  args: {
    id: endpoint,
    dead: { type: 'boolean', description: 'What was given up', default: false },
    since: { type: 'string', description: 'Everything since then, such as 2026-12-01T09:00:00Z', valueHint: 'TIME' },
    message: { type: 'string', description: 'Ids of messages, comma-separated', valueHint: 'IDS' },
  },
  async run({ args, client }) {
    const ways = [args.dead, args.since !== undefined, args.message !== undefined].filter(Boolean).length;
    if (ways !== 1) throw new Failure('What is to be sent again?', ['Say one of --dead, --since TIME, --message ID.']);
    const body = args.dead
      ? { state: 'dead' }
      : args.since === undefined
        ? { messageIds: args.message!.split(',') }
        : { since: args.since };
    const answer = await client.post<{ queued: number }>(path(args.id, '/replay'), body);
    if (args.json) return sayJson(answer);
    const missed = args.since === undefined ? '' : '; what it never heard follows';
    say(`${paint('green', '✓')} ${answer.queued === 1 ? 'One message goes' : `${answer.queued} messages go`} once more${missed}`);
  },
});

/** `tendril webhook …`: who is told of what happens here. */
export const webhook = group(
  'webhook',
  'Who is told of what happens here: endpoints, their messages, tests, and telling once more',
  { list, add, messages, test, replay },
  'list',
);
