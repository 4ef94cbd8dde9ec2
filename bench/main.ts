import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { benchForms } from './forms.ts';
import { benchGrowth } from './growth.ts';
import { benchLatency } from './latency.ts';
import { benchMails } from './mails.ts';
import { formsRows, growthRows, latencyRows, mailsRows, salesRows, stepsRows } from './report.ts';
import { benchSales } from './sales.ts';
import { benchSteps } from './steps.ts';
import { startBenchServices } from './support/deployment.ts';
import { type Row, table } from './support/table.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    people: { type: 'string', default: '60000' },
    'baseline-people': { type: 'string', default: '1000' },
    forms: { type: 'string', default: '40' },
    seconds: { type: 'string', default: '10' },
    connections: { type: 'string', default: '20,100' },
    sizes: { type: 'string', default: '10000,100000,1000000' },
    open: { type: 'string', default: '50000' },
    recipients: { type: 'string', default: '20000,100000' },
  },
});

const begun = Date.now();
const say = (line: string): void => console.error(`${((Date.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${line}`);

say('Starting Postgres, Temporal and a mail server that takes everything');
const services = await startBenchServices();
const sections: Record<string, { about: string; rows(): Promise<Row[]> }> = {
  steps: {
    about: `nurture steps a second: ${values.people} people, then ${values['baseline-people']} with a workflow each`,
    rows: async () =>
      stepsRows(await benchSteps(services, { people: Number(values.people), baselinePeople: Number(values['baseline-people']) })),
  },
  latency: {
    about: 'from a form to its first mail: at rest (some 2 minutes), then under 100 events a second (1 minute)',
    rows: async () => latencyRows(await benchLatency(services, { forms: Number(values.forms) })),
  },
  forms: {
    about: `forms a second over ${values.connections} connections, beside a handler that inserts one row`,
    rows: async () => formsRows(await benchForms(services, values.connections.split(',').map(Number), Number(values.seconds))),
  },
  mails: {
    about: `mails a second to lists of ${values.recipients} (a minute or two of filling)`,
    rows: async () => mailsRows(await benchMails(services, values.recipients.split(',').map(Number))),
  },
  sales: {
    about: `from a form to its rep's mail under 50 forms a second, and the looks at ${values.open} open opportunities (a minute)`,
    rows: async () => salesRows(await benchSales(services, { forms: 1_000, open: Number(values.open), looked: 2_000 })),
  },
  growth: {
    about: `what a lead costs in workspaces of ${values.sizes} people (a minute or two of filling for each million)`,
    rows: async () => growthRows(await benchGrowth(services, values.sizes.split(',').map(Number), say)),
  },
};

try {
  const wanted = Object.entries(sections).filter(([name]) => values.only === undefined || values.only.split(',').includes(name));
  if (wanted.length === 0) throw new Error(`--only takes ${Object.keys(sections).join(', ')}`);
  const rows: Row[] = [];
  for (const [name, section] of wanted) {
    say(`${name}: ${section.about}`);
    const found = await section.rows();
    for (const { figure, ours, baseline } of found) say(`  ${figure}: ${ours}${baseline ? `, beside ${baseline}` : ''}`);
    rows.push(...found);
  }
  say('done');
  console.log(`\n${cpus().length} × ${cpus()[0]?.model.trim() ?? 'processor'}, Node ${process.versions.node}\n\n${table(rows)}`);
} finally {
  await services.stop();
}
process.exit(0);
