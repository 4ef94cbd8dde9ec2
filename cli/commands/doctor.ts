import { command, group } from '../command.ts';
import { Failure } from '../failure.ts';
import { paint, say, sayJson } from '../output.ts';
import { doctorEmail } from './doctor-email.ts';

interface Diagnosis {
  violations: number;
  items: { check: string; what: string; mend: string; violations: number; listed: number; sample: Record<string, unknown>[] }[];
}

const brief = (row: Record<string, unknown>): string =>
  Object.entries(row)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');

const args = {
  grace: {
    type: 'string',
    description: 'How late a healthy instance may be with anything, in real seconds',
    default: '600',
    valueHint: 'SECONDS',
  },
  all: { type: 'boolean', description: 'Show the rules that hold, too', default: false },
} as const;

const data = command({
  name: 'data',
  description: 'Prove from the data that nobody is lost, stranded or mailed twice',
  args,
  async run({ args, client }) {
    if (!/^\d{1,5}$/.test(args.grace)) throw new Failure(`'${args.grace}' is not a number of seconds`, ['tendril doctor --grace 60']);
    const found = await client.get<Diagnosis>(`/v1/doctor?grace=${args.grace}`);
    if (args.json) sayJson(found);
    else tell(found, args.all);
    return found.violations === 0;
  },
});

/** `tendril doctor`: everything that must never happen, looked for in the data. Exit code 1 when something has. `doctor email` looks at a domain. */
export const doctor = group(
  'doctor',
  'Prove from the data that nobody is lost, stranded or mailed twice; check a domain we send from',
  { data, email: doctorEmail },
  'data',
  args,
);

function tell({ violations, items }: Diagnosis, all: boolean): void {
  for (const { check, what, mend, violations: broken, listed, sample } of items) {
    if (broken + listed === 0) {
      if (all) say(`${paint('green', '✓')} ${check.padEnd(24)} ${what}`);
      continue;
    }
    say(`${broken > 0 ? paint('red', '✗') : paint('yellow', '•')} ${check.padEnd(24)} ${broken + listed}: ${what}`);
    for (const row of sample) say(`    ${brief(row)}`);
    say(`    ${paint('dim', `→ ${mend}`)}`);
  }
  const rules = items.filter((one) => one.listed === 0).length;
  say(
    violations === 0
      ? `${paint('green', '✓')} ${rules} rules hold, 0 violations`
      : `${paint('red', '✗')} ${violations} violation${violations === 1 ? '' : 's'}`,
  );
}
