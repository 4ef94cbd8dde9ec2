import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fairnessWords, lengthWords, moneyWords, monthWords, shareWords, valuesWords } from '../../domain/figures/words.ts';
import { command, group } from '../command.ts';
import { Failure } from '../failure.ts';
import { paint, say, sayJson, table } from '../output.ts';

interface Clocked {
  median: number | null;
  p90: number | null;
  withinFive: number | null;
}
interface Timing {
  answered: number;
  waiting: number;
  working: Clocked;
  wall: Clocked;
}
interface Times {
  total: Timing;
  byRep: (Timing & { rep: string | null; name: string | null })[];
}
interface Funnel {
  opened: number;
  open: number;
  accepted: { n: number };
  touched: { n: number };
  won: { n: number; rate: number | null; low: number; high: number };
}
interface Money {
  deals: number;
  total: number;
  expected: number;
  low: number;
  high: number;
}
interface Sales {
  from: string;
  to: string;
  zone: string;
  accept: Times;
  firstTouch: Times;
  breaches: {
    total: number;
    byRep: { name: string | null; offered: number; accepted: number; touched: number; review: number; standing: number }[];
  };
  fairness: {
    name: string;
    gini: number | null;
    reps: { name: string; due: number | null; leads: number; share: number | null; values: Record<string, number> }[];
  }[];
  concentration: {
    won: {
      currency: string;
      amount: number;
      deals: number;
      herfindahl: number | null;
      reps: { name: string; share: number; amount: number }[];
    }[];
  };
  conversion: { all: Funnel; byRule: (Funnel & { key: string | null })[]; bySource: (Funnel & { key: string | null })[] };
  rejections: { reason: string | null; label: string | null; n: number }[];
  losses: { reason: string | null; label: string | null; n: number; values: Record<string, number> }[];
  pipeline: { name: string; probability: number; n: number; values: { currency: string; amount: number }[] }[];
  forecast: {
    confidence: number;
    withoutAmount: number;
    currencies: (Money & { currency: string; months: (Money & { month: string | null })[] })[];
  };
}

const day = { type: 'string', valueHint: 'YYYY-MM-DD' } as const;
const args = {
  from: { ...day, description: 'The first day (default: thirty days)' },
  to: { ...day, description: 'The last day, included (default: today)' },
  pool: { type: 'string', description: 'Of this pool only', valueHint: 'KEY' },
  rep: { type: 'string', description: 'Of this rep only', valueHint: 'KEY' },
} as const;

const sales = command({
  name: 'sales',
  description: 'How sales does: times, promises, fairness, conversion, reasons, pipeline, forecast',
  args,
  async run({ args: { from, to, pool, rep, json }, client }) {
    const query = new URLSearchParams({ ...(from && { from }), ...(to && { to }), ...(pool && { pool }), ...(rep && { rep }) });
    const found = await client.get<Sales>(`/v1/figures/sales?${query.toString()}`);
    if (json) sayJson(found);
    else tell(found);
  },
});

function tell(found: Sales): void {
  const { accept, firstTouch, breaches, conversion, rejections, losses, forecast } = found;
  const last = new Date(new Date(found.to).getTime() - 1);
  const on = (at: Date): string => at.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: found.zone });
  say(`${paint('bold', `${on(new Date(found.from))} to ${on(last)}`)} (${found.zone})`);
  tellTimes('From the offer until somebody accepted', accept);
  tellTimes('From handing over until somebody had talked to them', firstTouch);
  section('Broken promises', breaches.byRep.length, () =>
    table(
      ['rep', 'not accepted', 'not talked to', 'no outcome', 'review', 'still'],
      breaches.byRep.map((one) => [one.name ?? 'nobody', one.offered, one.accepted, one.touched, one.review, one.standing]),
    ),
  );
  for (const { name, gini, reps } of found.fairness)
    section(`Who has the leads of ${name}: ${fairnessWords(gini)}${gini === null ? '' : ` (Gini ${gini.toFixed(2)})`}`, reps.length, () =>
      table(
        ['rep', 'leads', 'share', 'due', 'worth'],
        reps.map((one) => [
          one.name,
          one.leads,
          shareWords(one.share),
          one.due === null ? 'not a member' : shareWords(one.due),
          valuesWords(one.values),
        ]),
      ),
    );
  for (const { currency, amount, deals, herfindahl, reps } of found.concentration.won)
    section(`Won: ${moneyWords(amount, currency)} in ${deals} deals (Herfindahl ${(herfindahl ?? 0).toFixed(2)})`, reps.length, () =>
      table(
        ['rep', 'amount', 'share'],
        reps.map((one) => [one.name, moneyWords(one.amount, currency), shareWords(one.share)]),
      ),
    );
  section('How far they came', conversion.all.opened, () =>
    table(
      ['', 'opened', 'accepted', 'talked to', 'won', 'rate', 'true rate'],
      [
        funnelRow('all', conversion.all),
        ...conversion.byRule.map((one) => funnelRow(`rule ${one.key ?? '–'}`, one)),
        ...conversion.bySource.map((one) => funnelRow(`from ${one.key}`, one)),
      ],
    ),
  );
  section('Turned down because', rejections.length, () =>
    table(
      ['reason', ''],
      rejections.map((one) => [one.label ?? one.reason ?? 'not said', one.n]),
    ),
  );
  section('Lost because', losses.length, () =>
    table(
      ['reason', '', 'worth'],
      losses.map((one) => [one.label ?? one.reason ?? 'not said', one.n, valuesWords(one.values)]),
    ),
  );
  section('Open today', found.pipeline.length, () =>
    table(
      ['stage', 'probability', 'open', 'worth'],
      found.pipeline.map((one) => [
        one.name,
        shareWords(one.probability),
        one.n,
        one.values.map((of) => moneyWords(of.amount, of.currency)).join(' · ') || '–',
      ]),
    ),
  );
  section('Expected (four of five times between low and high)', forecast.currencies.length, () =>
    table(
      ['close', 'deals', 'expected', 'low', 'high', 'if all'],
      forecast.currencies.flatMap(({ currency, months, ...all }) => [
        ...months.map((one) => moneyRow(monthWords(one.month), one, currency)),
        moneyRow(`all ${currency}`, all, currency),
      ]),
    ),
  );
  if (forecast.withoutAmount > 0) say(paint('dim', `Not in it, for nobody has said how much: ${forecast.withoutAmount} open`));
}

function tellTimes(title: string, { total, byRep }: Times): void {
  const row = (name: string, { answered, waiting, working, wall }: Timing): (string | number)[] => [
    name,
    answered,
    waiting,
    ...[working, wall].flatMap((by) => [lengthWords(by.median), lengthWords(by.p90), shareWords(by.withinFive)]),
  ];
  section(title, total.answered + total.waiting, () =>
    table(
      ['rep', 'answered', 'waiting', 'median', 'p90', '≤ 5 min', 'by the wall clock', 'p90', '≤ 5 min'],
      [...byRep.map((one) => row(one.name ?? 'nobody yet', one)), row('all', total)],
    ),
  );
}

const funnelRow = (name: string, { opened, accepted, touched, won }: Funnel): (string | number)[] => [
  name,
  opened,
  accepted.n,
  touched.n,
  won.n,
  shareWords(won.rate),
  `${shareWords(won.low)} to ${shareWords(won.high)}`,
];

const moneyRow = (name: string, of: Money, currency: string): (string | number)[] => [
  name,
  of.deals,
  ...[of.expected, of.low, of.high, of.total].map((amount) => moneyWords(amount, currency)),
];

/** A table under its title; nothing where there is nothing to tell. */
function section(title: string, rows: number, content: () => string): void {
  if (rows === 0) return;
  say();
  say(paint('bold', title));
  say(content());
}

const commission = command({
  name: 'commission',
  description: 'What commission is reckoned from: the deals won in a month and who held them, as CSV to a file or to stdout',
  args: {
    file: { type: 'positional', description: 'The file to write (default: stdout)', required: false },
    month: { type: 'string', description: 'Which month', required: true, valueHint: 'YYYY-MM' },
  },
  async run({ args: { month, file }, client }) {
    const csv = await client.getFile(`/v1/figures/commission.csv?month=${encodeURIComponent(month)}`);
    const to = file === undefined ? process.stdout : createWriteStream(file, { flags: 'wx' });
    try {
      await pipeline(Readable.fromWeb(csv as Parameters<typeof Readable.fromWeb>[0]), to, { end: file !== undefined });
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error;
      throw new Failure(`${file} is there already`, ['name another file, or remove it']);
    }
  },
});

/** `tendril figures …`: how sales does. */
export const figures = group(
  'figures',
  'How sales does: times, fairness, conversion, forecast; what commission is reckoned from',
  { sales, commission },
  'sales',
  args,
);
