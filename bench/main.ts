import { parseArgs } from 'node:util';
import { benchSteps } from './steps.ts';
import { startBenchServices } from './support/deployment.ts';

const { values } = parseArgs({
  options: {
    people: { type: 'string', default: '20000' },
    'baseline-people': { type: 'string', default: '250' },
  },
});
console.error('Starting Postgres, Temporal and a mail sink');
const services = await startBenchServices();
try {
  const result = await benchSteps(services, { people: Number(values.people), baselinePeople: Number(values['baseline-people']) });
  console.log(JSON.stringify(result, null, 2));
} finally {
  await services.stop();
}
process.exit(0);
