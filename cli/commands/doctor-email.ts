import { command } from '../command.ts';
import { Failure } from '../failure.ts';
import { paint, say, sayJson } from '../output.ts';

interface Checked {
  domain: string;
  errors: number;
  warnings: number;
  items: { check: string; level: 'ok' | 'info' | 'warn' | 'error'; text: string; mend: string | null }[];
}

const marks = { ok: paint('green', '✓'), info: paint('dim', '·'), warn: paint('yellow', '!'), error: paint('red', '✗') };

/** `tendril doctor email DOMAIN`: whether mail from a domain can be trusted by those who receive it. Exit code 1 when something is wrong. */
export const doctorEmail = command({
  name: 'email',
  description: 'Check a domain we send from: SPF, DKIM, DMARC, hosts, relay, one-click',
  args: {
    domain: { type: 'positional', description: 'The domain of the sender', required: true, valueHint: 'DOMAIN' },
    selector: { type: 'string', description: 'DKIM selectors, with commas between', valueHint: 'S1,S2' },
  },
  async run({ args, client }) {
    if (!/^[\w.-]+\.[\w-]+$/.test(args.domain))
      throw new Failure(`'${args.domain}' is not a domain`, ['tendril doctor email news.firm.example']);
    const query = args.selector === undefined ? '' : `?selector=${encodeURIComponent(args.selector)}`;
    const checked = await client.get<Checked>(`/v1/deliverability/domains/${args.domain.toLowerCase()}${query}`);
    if (args.json) sayJson(checked);
    else tell(checked);
    return checked.errors === 0;
  },
});

function tell({ domain, errors, warnings, items }: Checked): void {
  for (const { check, level, text, mend } of items) {
    say(`${marks[level]} ${check.padEnd(10)} ${text}`);
    if (mend !== null) say(`    ${paint('dim', `→ ${mend}`)}`);
  }
  const counted = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
  say(
    errors + warnings === 0
      ? `${marks.ok} ${domain} is fit to send from`
      : `${errors > 0 ? marks.error : marks.warn} ${domain}: ${counted(errors, 'error')}, ${counted(warnings, 'warning')}`,
  );
}
