import type { Finding } from '../../domain/finding.ts';
import type { Goal, Share, Trial } from '../../domain/routing/trial.ts';
import { command, group } from '../command.ts';
import { Failure } from '../failure.ts';
import { paint, say, sayJson, table } from '../output.ts';
import { readBody } from '../workspace/files.ts';

interface Routing {
  version: number | null;
  rules: { key: string; name: string | null; when: string; to: string }[];
  fallback: string | null;
  warnings: Finding[];
}

const warn = (findings: readonly Finding[]): void => {
  for (const { path, reason, mend } of findings) {
    say(`${paint('yellow', '!')} ${path}: ${reason}`);
    say(`    ${paint('dim', `→ ${mend}`)}`);
  }
};

const show = command({
  name: 'show',
  description: 'The rules by which leads find their rep, in order and in words',
  async run({ args, client }) {
    const found = await client.get<Routing>('/v1/routing');
    if (args.json) return sayJson(found);
    say(found.version === null ? 'The usual rules: this workspace has none of its own (routing.yaml)' : `Version ${found.version}`);
    const rows = found.rules.map(({ key, name, when, to }, i) => [i + 1, name ? `${key} (${name})` : key, when, to]);
    say(table(['', 'rule', 'when', 'to'], [...rows, ['', 'catch-all', 'everybody else', `the pool ${found.fallback ?? 'sales'}`]]));
    warn(found.warnings);
  },
});

interface Tried extends Trial {
  since: string;
  note: string;
  warnings: Finding[];
}

const goal = ({ rule, rep, pool }: Goal): string => `${rep ? `${rep} (${pool})` : pool} by ${rule}`;
const shares = (head: string, of: readonly Share[]): void => {
  if (of.length === 0) return;
  say();
  say(
    table(
      [head, 'now', 'then'],
      of.map(({ key, before, after }) => [key, before, after]),
    ),
  );
};

const tryOut = command({
  name: 'try',
  description: 'What other rules would have done with what was handed over lately; nothing is written',
  args: {
    file: { type: 'positional', description: 'The rules to try, such as routing.yaml', required: true, valueHint: 'FILE' },
    days: { type: 'string', description: 'How many days back', default: '30', valueHint: 'DAYS' },
  },
  async run({ args, client }) {
    if (!/^[1-9]\d{0,2}$/.test(args.days)) throw new Failure(`'${args.days}' is not a number of days`, ['--days 30']);
    const found = await client.post<Tried>('/v1/routing/try', { document: await readBody(args.file), days: Number(args.days) });
    if (args.json) return sayJson(found);
    say(
      `Of ${found.looked} handed over since ${found.since.slice(0, 10)}, ${paint('bold', String(found.changed))} would go elsewhere${found.complete ? '' : ' (the first 50,000 only)'}`,
    );
    if (found.moves.length > 0) say();
    if (found.moves.length > 0)
      say(
        table(
          ['from', 'to', 'leads'],
          found.moves.map(({ from, to, count }) => [goal(from), goal(to), count]),
        ),
      );
    shares('pool', found.pools);
    shares('rep, by name', found.reps);
    shares('rule', found.rules);
    if (found.sample.length > 0) say();
    for (const { email, leadId, before, after, facts } of found.sample) {
      say(paint('bold', email ?? leadId));
      say(`  now  ${before}`);
      say(`  then ${after}`);
      for (const fact of facts) say(`       ${paint('dim', fact)}`);
    }
    say();
    say(paint('dim', found.note));
    warn(found.warnings);
  },
});

interface Explained {
  words: string;
  facts: string[];
  joins: { opportunityId: string; owner: string | null } | null;
}

const explain = command({
  name: 'explain',
  description: 'Where a lead would go if it were handed to sales now, and why',
  args: {
    lead: { type: 'positional', description: 'Address of the lead', required: true, valueHint: 'EMAIL' },
    pool: { type: 'string', description: 'A pool that a form or campaign would ask for', valueHint: 'KEY' },
    file: { type: 'string', description: 'Ask these rules instead of those in force', valueHint: 'FILE' },
  },
  async run({ args, client }) {
    const found = await client.post<Explained>('/v1/routing/explain', {
      email: args.lead,
      ...(args.pool !== undefined && { pool: args.pool }),
      ...(args.file !== undefined && { document: await readBody(args.file) }),
    });
    if (args.json) return sayJson(found);
    if (found.joins)
      say(
        `Joins the open opportunity ${found.joins.opportunityId}${found.joins.owner ? `, with ${found.joins.owner}` : ''}. A new one would go:`,
      );
    say(`${paint('bold', args.lead)} goes ${found.words}`);
    for (const fact of found.facts) say(`    ${paint('dim', fact)}`);
  },
});

interface Conflict {
  id: string;
  kind: string;
  account: { name: string | null; domain: string | null };
  rep: { key: string };
  other: { key: string } | null;
  notedAt: string;
  outcome: string | null;
}

const conflicts = command({
  name: 'conflicts',
  description: 'Where two reps are at one account and nobody has settled it',
  args: { all: { type: 'boolean', description: 'The settled ones, too', default: false } },
  async run({ args, client }) {
    const { items } = await client.get<{ items: Conflict[] }>(`/v1/routing/conflicts?open=${args.all ? 'all' : 'true'}&limit=100`);
    if (args.json) return sayJson(items);
    if (items.length === 0) return say(`${paint('green', '✓')} No account has two reps.`);
    const rows = items.map(({ id, kind, account, rep, other, notedAt, outcome }) => [
      id,
      account.name ?? account.domain ?? '–',
      rep.key,
      other?.key ?? '–',
      kind.replaceAll('_', ' '),
      notedAt.slice(0, 10),
      outcome ?? 'open',
    ]);
    say(table(['id', 'account', 'first', 'other', 'why', 'since', ''], rows));
  },
});

const settle = command({
  name: 'settle',
  description: 'Say whose it is: both go on, or one of them gets it',
  args: {
    id: { type: 'positional', description: 'Id of the conflict', required: true },
    both: { type: 'boolean', description: 'Both go on', default: false },
    give: { type: 'string', description: 'Key of the rep who gets it', valueHint: 'REP' },
    note: { type: 'string', description: 'Why', valueHint: 'WORDS' },
  },
  async run({ args, client }) {
    if (args.both === (args.give !== undefined)) throw new Failure('Say either --both or --give REP');
    const settled = await client.post<Conflict>(`/v1/routing/conflicts/${encodeURIComponent(args.id)}/settle`, {
      ...(args.give === undefined ? { keep: 'both' } : { rep: args.give }),
      ...(args.note !== undefined && { note: args.note }),
    });
    if (args.json) return sayJson(settled);
    say(`${paint('green', '✓')} ${args.give === undefined ? 'Both go on' : `${args.give} gets it`}`);
  },
});

/** `tendril routing …`: who gets a lead, and why. */
export const routing = group(
  'routing',
  'Who gets a lead that is handed to sales, and why',
  { show, try: tryOut, explain, conflicts, settle },
  'show',
);
