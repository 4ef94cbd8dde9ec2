import { command, group } from '../command.ts';
import { say, sayJson, table } from '../output.ts';

interface Key {
  name: string;
  prefix: string;
  scopes: string[];
  origins: string[];
  lastUsedAt: string | null;
  revokedAt: string | null;
}

const listOf = (given: string | undefined): string[] =>
  (given ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean);

const create = command({
  name: 'create',
  description: 'Make an API key; it is shown this once',
  args: {
    name: { type: 'positional', description: 'What it is for', required: true },
    scopes: {
      type: 'string',
      description: 'ingest, read, write, admin; several with commas; own for a rep or a partner',
      default: 'read',
      valueHint: 'SCOPES',
    },
    origins: { type: 'string', description: "Browsers' origins that may use it (scope ingest only)", valueHint: 'ORIGINS' },
    rep: { type: 'string', description: 'Key of the rep who sees what is theirs with it (scope own)', valueHint: 'REP' },
    partner: { type: 'string', description: 'Name of the partner firm that sees what is theirs with it (scope own)', valueHint: 'FIRM' },
  },
  async run({ args, client }) {
    const made = await client.post<Key & { key: string }>('/v1/keys', {
      name: args.name,
      scopes: listOf(args.scopes),
      origins: listOf(args.origins),
      ...(args.rep && { rep: args.rep }),
      ...(args.partner && { partner: args.partner }),
    });
    if (args.json) return sayJson(made);
    // The key alone on stdout, so that it can be piped into a secret store.
    process.stderr.write(`${made.name}: ${made.scopes.join(', ')}. Keep it now; it is not shown again.\n`);
    say(made.key);
  },
});

const list = command({
  name: 'list',
  description: 'The keys there are, by their first characters',
  async run({ args, client }) {
    const { items } = await client.get<{ items: Key[] }>('/v1/keys');
    if (args.json) return sayJson(items);
    say(
      table(
        ['key', 'name', 'scopes', 'last used'],
        items.map((one) => [`${one.prefix}…`, one.name, one.scopes.join(','), one.revokedAt ? 'revoked' : (one.lastUsedAt ?? 'never')]),
      ),
    );
  },
});

/** `tendril keys …` */
export const keys = group('keys', 'Make and list API keys', { create, list }, 'list');
