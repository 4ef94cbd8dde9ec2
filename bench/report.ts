import type { FormsResult } from './forms.ts';
import type { Growth } from './growth.ts';
import type { LatencyResult } from './latency.ts';
import type { MailsResult } from './mails.ts';
import type { SalesResult } from './sales.ts';
import type { Compared, StepsResult } from './steps.ts';
import type { Memory } from './support/deployment.ts';
import type { Spread } from './support/spread.ts';
import type { Row } from './support/table.ts';

/** What each section found, as lines of the report, beside the goals of issue 3. */
export function stepsRows({ engine, withSmtp, plainServer }: StepsResult): Row[] {
  return [
    comparedRow('nurture steps a second: facts, journal, ledger, rendering', engine),
    comparedRow('the same, every mail handed to a mail server', withSmtp),
    ...(plainServer ? [comparedRow('without a mail server, on a Temporal server as its CLI starts it', plainServer)] : []),
    ...memoryRows('steps', withSmtp.ours.memory),
  ];
}

/** A list is sent as fast whatever its length, and in the same memory. */
export function mailsRows(found: readonly MailsResult[]): Row[] {
  return found.flatMap(({ mail, recipients, perSecond, bare, memory }) => [
    {
      figure: `mails a second to a list of ${whole(recipients)}, ${mail === 'plain' ? 'a plain mail' : 'the letter that ships'}`,
      ours: whole(perSecond),
      baseline: whole(bare),
      ratio: (perSecond / bare).toFixed(2),
      goal: '≥ 5,000 (must)',
      met: perSecond >= 5_000,
    },
    ...memoryRows(`a list of ${whole(recipients)} (${mail})`, memory),
  ]);
}

function comparedRow(figure: string, { ours, baseline, ratio }: Compared): Row {
  return {
    figure,
    ours: whole(ours.perSecond),
    baseline: baseline.perSecond.toFixed(1),
    ratio: `${whole(ratio)} ×`,
    goal: '≥ 300 × (must: 100)',
    met: ratio >= 300 || (ratio >= 100 && 'must'),
  };
}

/** Each cost beside that of the smallest workspace. */
export function growthRows(found: readonly Growth[]): Row[] {
  const least = found[0]!;
  const rows = (figure: string, unit: string, of: (one: Growth) => number, bounded: boolean): Row[] =>
    found.map((one) => ({
      figure: `${figure}, ${whole(one.people)} people`,
      ours: `${of(one).toFixed(unit === 'ms' ? 2 : 1)} ${unit}`,
      ratio: (of(one) / of(least)).toFixed(2),
      ...(bounded && { goal: '≤ 1.5', met: of(one) / of(least) <= 1.5 }),
    }));
  return [
    ...rows('advance, a lead', 'µs', (one) => one.advanceUs, true),
    ...rows('counting a segment, a lead', 'µs', (one) => one.countUs, false),
    ...rows('in the segment after a change?, a lead', 'µs', (one) => one.memberUs, false),
    ...rows('one event, 50 live campaigns, none begins with it', 'ms', (one) => one.entryMs.none, false),
    ...rows('one event, 50 live campaigns, all begin with it', 'ms', (one) => one.entryMs.all, false),
  ];
}

export function latencyRows({ rest, load, memory }: LatencyResult): Row[] {
  const underLoad = `under ${whole(load.eventsPerSecond)} events/s, 100 campaigns`;
  return [
    ...spreadRows('form to first mail, at rest', rest),
    ...spreadRows(`form to first mail, ${underLoad}`, load),
    ...memoryRows('latency', memory),
  ];
}

export function salesRows({ cold, warm, looks, memory }: SalesResult): Row[] {
  const aDay = looks.open / looks.perSecond;
  return [
    ...spreadRows(`form to the rep's mail, under ${whole(cold.formsPerSecond)} forms/s, worker just started`, cold),
    ...spreadRows(`form to the rep's mail, under ${whole(warm.formsPerSecond)} forms/s`, warm),
    { figure: `looks a second at opportunities, ${whole(looks.open)} open`, ours: whole(looks.perSecond) },
    {
      figure: `a look at each of ${whole(looks.open)} in a day: the machine's time`,
      ours: `${whole(aDay)} s (${((100 * aDay) / 86_400).toFixed(1)} %)`,
    },
    ...memoryRows('sales', memory),
  ];
}

export function formsRows(found: readonly FormsResult[]): Row[] {
  const row = (figure: string, ours: number, bare: number): Row => ({
    figure,
    ours: whole(ours),
    baseline: whole(bare),
    ratio: (ours / bare).toFixed(2),
    goal: '≥ 0.33',
    met: ours / bare >= 1 / 3,
  });
  const rows = found.flatMap(({ connections, alone, all, bare }) => [
    row(`forms a second over ${connections} connections, the api by itself`, alone, bare),
    row(`forms a second over ${connections} connections, the worker busy with them`, all, bare),
  ]);
  return [...rows, ...memoryRows('forms', found.at(-1)!.memory)];
}

function spreadRows(what: string, { p50, p95, count }: Spread): Row[] {
  const row = (name: string, ms: number, goal: number): Row => ({
    figure: `${what}: ${name} of ${count}`,
    ours: `${whole(ms)} ms`,
    goal: `< ${whole(goal)} ms`,
    met: ms < goal,
  });
  return [row('p50', p50, 1_000), row('p95', p95, 2_000)];
}

function memoryRows(section: string, { api, worker }: Memory): Row[] {
  const row = (name: string, { now, peak }: { now: number; peak: number }): Row => ({
    figure: `memory of the ${name} after ${section}, resident (peak)`,
    ours: `${whole(now)} MiB (${whole(peak)})`,
  });
  return worker ? [row('api', api), row('worker', worker)] : [row('api', api)];
}

const whole = (n: number): string => Math.round(n).toLocaleString('en');
