import { setTimeout as sleep } from 'node:timers/promises';
import { command, group } from '../command.ts';
import type { Client } from '../client.ts';
import { Failure } from '../failure.ts';
import { paint, say, sayJson, table } from '../output.ts';

type Things = Record<'account' | 'opportunity' | 'task' | 'sequence', number>;
interface Heir {
  rep: { key: string; name: string };
  by: string[];
  things: Things;
}
interface Offboarding {
  rep: { key: string; name: string };
  state: 'running' | 'done' | 'cancelled';
  error: string | null;
  handedOver: Things;
  heirs: Heir[];
  customersTold: number;
  left: Record<string, number>;
  namedIn: string[];
}
interface Preview {
  rep: { name: string };
  left: Record<string, number>;
  heirs: Heir[];
  offersReleased: number;
  customers: number;
  namedIn: string[];
}
interface Rep {
  key: string;
  name: string;
  active: boolean;
  absentFrom: string | null;
  absentTo: string | null;
}

const key = { type: 'positional', description: 'Key of the rep', required: true } as const;
const repPath = (rep: string, rest = ''): string => `/v1/reps/${encodeURIComponent(rep)}${rest}`;

function tellHeirs(heirs: readonly Heir[]): void {
  if (heirs.length === 0) return;
  const row = ({ rep, by, things }: Heir) => [rep.name, things.account, things.opportunity, things.task, things.sequence, by.join(', ')];
  say(table(['to', 'accounts', 'opportunities', 'tasks', 'sequences', 'by'], heirs.map(row)));
}

function tellNames(documents: readonly string[]): void {
  if (documents.length > 0) say(paint('yellow', `Still named in: ${documents.join(', ')}. Change those, and push.`));
}

const what = (counts: Record<string, number>): string =>
  Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`)
    .join(', ') || 'nothing';

function tell(found: Offboarding): void {
  tellHeirs(found.heirs);
  if (found.customersTold > 0) say(`${found.customersTold} customers were written to.`);
  if (found.state === 'done') say(`${paint('green', '✓')} ${found.rep.name} has left. Counted: nothing of theirs is left.`);
  else if (found.state === 'cancelled') say(`${paint('yellow', '•')} ${found.rep.name} stays, with ${what(found.left)}.`);
  else say(`${paint('yellow', '…')} Under way. Left: ${what(found.left)}.${found.error ? ` ${paint('red', found.error)}` : ''}`);
  tellNames(found.namedIn);
}

/** How often the job is asked how far it is, and how long in all, real ms. */
const EVERY_MS = 1_000;
const PATIENCE_MS = 600_000;

async function follow(client: Client, rep: string, quiet: boolean): Promise<Offboarding> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const found = await client.get<Offboarding>(repPath(rep, '/offboard'));
    if (found.state !== 'running' || Date.now() > until) return found;
    if (!quiet) say(paint('dim', `  ${what(found.handedOver)} handed over; left: ${what(found.left)}`));
    await sleep(EVERY_MS);
  }
}

const offboard = command({
  name: 'offboard',
  description: 'Somebody leaves: hand over every account, open opportunity, sequence and task of theirs, and prove that nothing is left',
  args: {
    key,
    to: { type: 'string', description: 'rule, or the key of who is to have everything', default: 'rule', valueHint: 'rule|REP' },
    'tell-customers': { type: 'boolean', description: 'Write to those they had really talked to: who is there now', default: false },
    'dry-run': { type: 'boolean', description: 'Only say what would be', default: false },
    status: { type: 'boolean', description: 'Only say how far it is', default: false },
    cancel: { type: 'boolean', description: 'They stay after all, with what is still theirs', default: false },
    wait: { type: 'boolean', description: 'Wait for the end (--no-wait: do not)', default: true },
  },
  async run({ args, client }) {
    if (args.status || args.cancel) {
      const found = args.cancel
        ? await client.post<Offboarding>(repPath(args.key, '/offboard/cancel'))
        : await client.get<Offboarding>(repPath(args.key, '/offboard'));
      return args.json ? sayJson(found) : tell(found);
    }
    const asked = { to: args.to, tellCustomers: args['tell-customers'], dryRun: args['dry-run'] };
    const answer = await client.post<Offboarding | Preview>(repPath(args.key, '/offboard'), asked);
    if (!('state' in answer)) {
      if (args.json) return sayJson(answer);
      say(`${answer.rep.name} has ${what(answer.left)}.`);
      tellHeirs(answer.heirs);
      if (answer.offersReleased > 0) say(`${answer.offersReleased} unanswered offers would go back to their queue.`);
      if (args['tell-customers']) say(`${answer.customers} customers would be written to.`);
      tellNames(answer.namedIn);
      return say(paint('dim', 'Nothing has been done: leave --dry-run out.'));
    }
    const found = args.wait ? await follow(client, args.key, args.json) : answer;
    if (args.json) sayJson(found);
    else tell(found);
    return found.state === 'done' || !args.wait;
  },
});

const instantOf = (written: string | undefined, name: string): string | null => {
  if (written === undefined) return null;
  const at = new Date(written);
  if (Number.isNaN(at.getTime())) throw new Failure(`--${name} is not a date`, ['write 2026-12-24 or 2026-12-24T09:00:00+01:00']);
  return at.toISOString();
};

const away = command({
  name: 'away',
  description: 'Say when a rep is away: they are offered nothing meanwhile',
  args: {
    key,
    from: { type: 'string', description: 'Since when; default now', valueHint: 'DATE' },
    to: { type: 'string', description: 'Until when; default until further notice', valueHint: 'DATE' },
    'stand-in': { type: 'string', description: 'Key of who stands in for them', valueHint: 'REP' },
  },
  async run({ args, client }) {
    const from = instantOf(args.from, 'from') ?? (await client.get<{ now: string }>('/v1/clock')).now;
    const standIn = args['stand-in'];
    const rep = await client.post<Rep>(repPath(args.key, '/absence'), { from, to: instantOf(args.to, 'to'), ...(standIn && { standIn }) });
    if (args.json) return sayJson(rep);
    say(
      `${paint('green', '✓')} ${rep.name} is away from ${rep.absentFrom} ${rep.absentTo ? `to ${rep.absentTo}` : 'until further notice'}`,
    );
  },
});

const back = command({
  name: 'back',
  description: 'A rep is back: from being away, or after having left (then with nothing)',
  args: { key },
  async run({ args, client }) {
    const { items } = await client.get<{ items: Rep[] }>('/v1/reps');
    const left = items.some((one) => one.key === args.key && !one.active);
    const rep = left
      ? await client.post<Rep>(repPath(args.key, '/return'))
      : await client.post<Rep>(repPath(args.key, '/absence'), { from: null });
    if (args.json) return sayJson(rep);
    say(`${paint('green', '✓')} ${rep.name} is there again`);
  },
});

/** `tendril rep …`: who is away, who is back, who leaves. */
export const rep = group('rep', 'Salespeople: away, back, and what becomes of it all when one leaves', { offboard, away, back });
