import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createPool } from '../../db/pool.ts';
import { shippedTemplates } from '../../runtime/templates.ts';
import { createBaselineActivities } from './activities.ts';

// The baseline's worker, a process of its own, with the SDK's default settings.
const { DATABASE_URL, TEMPORAL_ADDRESS, SMTP_URL } = process.env;
Runtime.install({ logger: new DefaultLogger('WARN') });
const pool = createPool({ connectionString: DATABASE_URL!, max: 12, transactionTimeoutMs: 50_000, applicationName: 'baseline' });
const worker = await Worker.create({
  connection: await NativeConnection.connect({ address: TEMPORAL_ADDRESS! }),
  namespace: 'tendril',
  taskQueue: 'baseline',
  workflowsPath: fileURLToPath(new URL('./workflow.ts', import.meta.url)),
  activities: createBaselineActivities({ pool, templates: await shippedTemplates(), smtpUrl: SMTP_URL }),
});
process.once('SIGTERM', () => worker.shutdown());
await worker.run();
process.exit(0);
