import { command, group } from '../command.ts';
import { Failure } from '../failure.ts';
import { paint, say, sayJson, table } from '../output.ts';

interface Figures {
  accepted: number;
  delivered: number;
  bounced: number;
  complained: number;
  opened: number;
  clicked: number;
  bounceRate: number | null;
  complaintRate: number | null;
}

interface Deliverability {
  days: number;
  total: Figures;
  senders: {
    domain: string;
    week: { complaints: number; delivered: number; rate: number | null };
    paused: { at: string; reason: string } | null;
    warmUp: { budget: number; used: number; waiting: number; until: string | null } | null;
  }[];
  families: (Figures & { family: string })[];
  domains: (Figures & { domain: string })[];
  waiting: { by: string; line: string; mails: number; until: string }[];
}

const days = { type: 'string', description: 'How many days back, 31 at most', default: '7', valueHint: 'DAYS' } as const;

const percent = (rate: number | null): string => (rate === null ? '–' : `${(rate * 100).toFixed(2)}%`);

const row = (name: string, of: Figures): (string | number)[] => [
  name,
  of.accepted,
  of.delivered,
  of.bounced,
  percent(of.bounceRate),
  of.complained,
  percent(of.complaintRate),
  of.opened,
  of.clicked,
];

const show = command({
  name: 'show',
  description: 'What became of our mail, by provider and domain, and how our own domains stand',
  args: { days },
  async run({ args, client }) {
    if (!/^([1-9]|[12]\d|3[01])$/.test(args.days))
      throw new Failure(`'${args.days}' is not a number of days up to 31`, ['tendril deliverability --days 14']);
    const found = await client.get<Deliverability>(`/v1/deliverability?days=${args.days}`);
    if (args.json) sayJson(found);
    else tell(found);
  },
});

function tell({ days: back, total, senders, families, domains, waiting }: Deliverability): void {
  const head = (first: string): string[] => [first, 'accepted', 'delivered', 'bounced', '%', 'complained', '%', 'opened', 'clicked'];
  say(`The last ${back} days`);
  say(table(head('provider'), [...families.map((one) => row(one.family, one)), row('all', total)]));
  say();
  say(
    table(
      head('domain'),
      domains.map((one) => row(one.domain, one)),
    ),
  );
  say();
  for (const { domain, week, paused, warmUp } of senders) {
    say(`${domain}: ${week.complaints} complaints about ${week.delivered} mails in 7 days (${percent(week.rate)})`);
    if (paused) say(`  ${paint('red', 'marketing is paused')}: ${paused.reason}. To let it go on: tendril deliverability resume ${domain}`);
    if (warmUp)
      say(
        `  warming up: ${warmUp.used} of ${warmUp.budget} today${warmUp.waiting > 0 ? `, ${warmUp.waiting} wait until ${warmUp.until}` : ''}`,
      );
  }
  for (const { by, line, mails, until } of waiting) if (by === 'provider_throttle') say(`${mails} mails wait for ${line}, until ${until}`);
}

const domain = { type: 'positional', description: 'The domain of the sender', required: true, valueHint: 'DOMAIN' } as const;

const pause = command({
  name: 'pause',
  description: 'Pause the marketing that is sent from a domain; confirmations still leave',
  args: { domain, reason: { type: 'string', description: 'Why, for whoever finds it paused', required: true, valueHint: 'WHY' } },
  async run({ args, client }) {
    await client.post(`/v1/deliverability/domains/${args.domain}/pause`, { reason: args.reason });
    if (args.json) sayJson({ domain: args.domain, paused: true });
    else say(`${paint('yellow', '!')} Marketing from ${args.domain} is paused; nothing is lost`);
  },
});

const resume = command({
  name: 'resume',
  description: 'Let the marketing of a domain go on',
  args: { domain },
  async run({ args, client }) {
    await client.post(`/v1/deliverability/domains/${args.domain}/resume`);
    if (args.json) sayJson({ domain: args.domain, paused: false });
    else say(`${paint('green', '✓')} Marketing from ${args.domain} goes on`);
  },
});

/** `tendril deliverability …`: whether our mail arrives. */
export const deliverability = group(
  'deliverability',
  'Whether our mail arrives: figures by provider, paused domains',
  { show, pause, resume },
  'show',
  { days },
);
