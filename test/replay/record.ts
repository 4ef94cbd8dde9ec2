import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { Client, Connection } from '@temporalio/client';
import { type History, historyToJSON } from '@temporalio/common/lib/proto-utils.js';

/**
 * Records histories of real runs for the replay tests: `npx tsx test/replay/record.ts ADDRESS [NAMESPACE [WORKFLOW…]]` against a
 * running Tendril. Of each workflow it keeps those that differ most in length: a short one, a middling one, a long one. Those recorded
 * earlier stay beside them: such runs may still be under way somewhere.
 */
const FOLDER = 'test/replay/histories';
const WORKFLOWS = ['nurture', 'scoring', 'delivery', 'qualification', 'sequence', 'sweep'];
const LONGEST = 600;
const ENOUGH = 100;

const [address = '127.0.0.1:7233', namespace = 'tendril', ...types] = process.argv.slice(2);
const connection = await Connection.connect({ address });
const { workflow } = new Client({ connection, namespace });
await mkdir(FOLDER, { recursive: true });

for (const type of types.length > 0 ? types : WORKFLOWS) {
  const found = (await recorded(type)).toSorted((a, b) => a.events!.length - b.events!.length);
  const chosen = new Set([found[0], found[Math.floor(found.length / 2)], found.at(-1)].filter((history) => history !== undefined));
  let n = (await readdir(FOLDER)).filter((name) => name.startsWith(`${type}-`)).length;
  for (const history of chosen) {
    const file = `${FOLDER}/${type}-${++n}.json`;
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
