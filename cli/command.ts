import { type ArgsDef, type CommandDef, defineCommand, type ParsedArgs } from 'citty';
// oxlint-disable-next-line no-restricted-imports -- the command is a process of its own, so it reads its own settings
import { readConfig } from '../runtime/config.ts';
import { type Client, createClient } from './client.ts';
import { Failure } from './failure.ts';
import { paint } from './output.ts';
import { findTarget } from './target.ts';

const common = {
  json: { type: 'boolean', description: 'Answer as JSON', default: false },
  url: { type: 'string', description: 'The instance to talk to (default: TENDRIL_URL, or the one that runs here)', valueHint: 'URL' },
} as const satisfies ArgsDef;

export interface Doing<Args extends ArgsDef> {
  args: ParsedArgs<Args & typeof common>;
  client: Client;
}

interface Definition<Args extends ArgsDef> {
  name: string;
  description: string;
  args?: Args;
  /** Answers false when what was found is wrong: exit code 1, though everything has been said already. */
  run(doing: Doing<Args>): Promise<boolean | void>;
}

/** One command: its options checked, the instance found, failures told on stderr with what to do, and the exit code set. */
export function command<const Args extends ArgsDef>({ name, description, args, run }: Definition<Args>): CommandDef {
  const all = { ...args, ...common } as Args & typeof common;
  return defineCommand({
    meta: { name, description },
    args: all,
    async run(context) {
      try {
        refuseUnknown(context.rawArgs, context.args._, all);
        const given = context.args;
        const client = createClient(findTarget(readConfig(), (given as { url?: string }).url));
        if ((await run({ args: given, client })) === false) process.exitCode = 1;
      } catch (error) {
        tellFailure(error as Error);
        process.exitCode = 1;
      }
    },
  }) as unknown as CommandDef;
}

/**
 * Commands under one name; the options all commands have may stand before the command, too. `args`: those of the default command, so that they need
 * not have its name before them.
 */
export function group(
  name: string,
  description: string,
  subCommands: Record<string, CommandDef>,
  defaultCommand?: string,
  args: ArgsDef = {},
): CommandDef {
  return defineCommand({
    meta: { name, description },
    args: { ...args, ...common },
    subCommands,
    ...(defaultCommand && { default: defaultCommand }),
  }) as unknown as CommandDef;
}

/** A misspelt option is a mistake, not something to pass over. */
function refuseUnknown(rawArgs: readonly string[], positional: readonly string[], args: ArgsDef): void {
  const known = new Set(
    Object.entries(args).flatMap(([name, { type }]) => (type === 'positional' ? [] : type === 'boolean' ? [name, `no-${name}`] : [name])),
  );
  const end = rawArgs.indexOf('--');
  for (const arg of end === -1 ? rawArgs : rawArgs.slice(0, end)) {
    const name = /^--([^=]+)/.exec(arg)?.[1];
    if (name !== undefined && !known.has(name)) throw new Failure(`There is no option --${name} here`, ['see --help for those there are']);
  }
  const places = Object.values(args).filter(({ type }) => type === 'positional').length;
  if (positional.length > places) throw new Failure(`'${positional[places]}' is one argument too many`, ['see --help']);
}

/** Says what went wrong, and what to do. */
export function tellFailure(error: Error): void {
  const mend = error instanceof Failure ? error.mend : [];
  process.stderr.write(`${paint('red', '✗', process.stderr)} ${error.message}\n${mend.map((line) => `  ${line}\n`).join('')}`);
}
