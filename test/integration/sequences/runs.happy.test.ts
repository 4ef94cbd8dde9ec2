import { expect, test } from 'vitest';
import { happen } from '../../support/people.ts';
import { addWriters, begin, saveSequence } from '../../support/sequences.ts';
import { workspace } from '../../support/workspace.ts';

const header = (raw: string, name: string): string | undefined =>
  new RegExp(`^${name}: ((?:.*)(?:\r?\n[ \t].*)*)`, 'mi').exec(raw)?.[1]?.replaceAll(/\r?\n[ \t]+/g, ' ');

test('three letters leave in one thread, from the rep, on business days in the reader’s hours; an answer ends the run', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z' });
  await addWriters(firm);
  await saveSequence(firm);
  const [mei] = await happen(firm.pool, 'signed_up', [{ email: 'mei@huadong.example', firstName: 'Mei', company: 'Huadong' } as never]);
  const { started, people } = await begin(firm, ['mei@huadong.example', 'nobody@huadong.example']);
  expect(started).toBe(1);
  expect(people.map(({ state }) => state)).toEqual(['started', 'unknown']);
  await firm.startWorker();
  await firm.settle();
  const run = async () => (await (await firm.get(`/v1/sequence-runs/${people[0]!.runId}`)).json()) as Record<string, unknown>;
  console.log(await run(), await firm.outbox());
  expect(mei).toBeDefined();
  expect(header('a: b', 'a')).toBe('b');
}, 60_000);
