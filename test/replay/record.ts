import { mkdir, writeFile } from 'node:fs/promises';
import { Client, Connection } from '@temporalio/client';
import { type History, historyToJSON } from '@temporalio/common/lib/proto-utils.js';

/**
 * Records histories of real runs for the replay tests: `npx tsx test/replay/record.ts ADDRESS [NAMESPACE]` against a running
 * Tendril. Of each workflow it keeps those that differ most in length: a short one, a middling one, a long one.
 */
const WORKFLOWS = ['nurture', 'scoring', 'delivery', 'qualification', 'sweep'];
const LONGEST = 600;
const ENOUGH = 100;

const [address = '127.0.0.1:7233', namespace = 'tendril'] = process.argv.slice(2);
const connection = await Connection.connect({ address });
const { workflow } = new Client({ connection, namespace });
await mkdir('test/replay/histories', { recursive: true });

for (const type of WORKFLOWS) {
  const found = (await recorded(type)).toSorted((a, b) => a.events!.length - b.events!.length);
  const chosen = new Set([found[0], found[Math.floor(found.length / 2)], found.at(-1)].filter((history) => history !== undefined));
  let n = 0;
  for (const history of chosen) {
    const file = `test/replay/histories/${type}-${++n}.json`;
    await writeFile(file, `${anonymous(historyToJSON(history))}\n`);
    console.log(`${file}: ${history.events!.length} events`);
  }
}
await connection.close();

/** Runs that looked at least once, and say by which flags of the SDK they ran. */
async function recorded(type: string): Promise<History[]> {
  const histories: History[] = [];
  for await (const { workflowId, runId } of workflow.list({ query: `WorkflowType = '${type}'` })) {
    const history = await workflow.getHandle(workflowId, runId).fetchHistory();
    const events = history.events ?? [];
    const looked = events.some((event) => event.activityTaskCompletedEventAttributes);
    const flags = events.some((event) => event.workflowTaskCompletedEventAttributes?.sdkMetadata?.coreUsedFlags?.length);
    if (looked && flags && events.length <= LONGEST) histories.push(history);
    if (histories.length === ENOUGH) break;
  }
  return histories;
}

/** Who ran it, and where, is nobody's business. */
function anonymous(json: string): string {
  return json.replaceAll(/"\d+@[^"]+"/g, '"recorded"').replaceAll(/"stackTrace": "[^"]+"/g, '"stackTrace": ""');
}
