import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundleOption } from '@temporalio/worker';
import { beforeAll, expect, test } from 'vitest';
import { workflowBundle } from '../../runtime/workflow-bundle.ts';

const FOLDER = fileURLToPath(new URL('histories/', import.meta.url));
const files = (await readdir(FOLDER)).filter((file) => file.endsWith('.json')).toSorted();

let today: WorkflowBundleOption;
beforeAll(async () => {
  const logger = new DefaultLogger('ERROR', () => {});
  Runtime.install({ logger, shutdownSignals: [], telemetryOptions: { logging: { filter: 'off', forward: {} } } });
  today = await workflowBundle();
}, 60_000);

async function replay(file: string, workflowBundle: WorkflowBundleOption): Promise<void> {
  await Worker.runReplayHistory({ workflowBundle }, historyFromJSON(JSON.parse(await readFile(FOLDER + file, 'utf8'))));
}

test('every workflow has recorded histories', () => {
  const kinds = new Set(files.map((file) => file.replace(/-\d+\.json$/, '')));
  expect([...kinds]).toEqual(['delivery', 'nurture', 'qualification', 'scoring', 'sequence', 'sweep']);
});

test.each(files)('%s says which flags its run used; without them a replay would look at nothing', async (file) => {
  expect(await readFile(FOLDER + file, 'utf8')).toMatch(/"coreUsedFlags":\s*\[\s*\d/);
});

test.each(files)("%s replays with today's workflows", async (file) => {
  await replay(file, today);
});

test('a workflow that does something else than it did does not replay', async () => {
  const workflowsPath = fileURLToPath(new URL('changed/workflows.ts', import.meta.url));
  const changed = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR', () => {}) });
  for (const file of files.filter((name) => name.endsWith('-1.json')))
    await expect(replay(file, changed), file).rejects.toThrow(/[Nn]ondetermini/);
}, 60_000);
