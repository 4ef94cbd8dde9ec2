import { connect, createServer } from 'node:net';
import { pino } from 'pino';
import { expect, onTestFinished, test, vi } from 'vitest';
import { sendClasses } from '../../domain/delivery/mail.ts';
import { deliveryOf, type Loop, loopId, rangeOf } from '../../domain/loops.ts';
import { createTendril } from '../../runtime/compose.ts';
import { freePort } from '../../runtime/local/free-port.ts';
import { createLoopSignal } from '../../runtime/loop-signal.ts';
import { createRestart } from '../../runtime/restart-loop.ts';
import { createTemporalClient } from '../../runtime/temporal-client.ts';
import { shippedTemplates } from '../../runtime/templates.ts';
import { type Workspace, workspace } from '../support/workspace.ts';

const patient = { timeout: 30_000, interval: 100 };
const lane: Loop = { kind: 'delivery', lane: 'internal' };

/** The firm's own eyes on Temporal. */
function temporalOf({ config }: Workspace) {
  const { client, close } = createTemporalClient({ ...config, TEMPORAL_ADDRESS: config.TEMPORAL_ADDRESS! });
  onTestFinished(close);
  const prefix = config.TEMPORAL_PREFIX;
  const describe = (loop: Loop) => client.workflow.getHandle(prefix + loopId(loop)).describe();
  const signalOn = (taskQueue: string) => createLoopSignal({ client, prefix, taskQueue });
  return { client, prefix, describe, signalOn, signal: signalOn(config.TEMPORAL_TASK_QUEUE) };
}

test('a loop whose poke was lost is poked by the next sweep, and what nobody reviewed is escalated', async () => {
  const firm = await workspace({ env: { SWEEP_EVERY: '1' } });
  await firm.pool.query(`insert into rep (key, name, email, manager) values ('eva', 'Eva', 'eva@firm.example', true)`);
  await firm.pool.query(
    `insert into submission (form_key, provider, raw, state, reason, review_due_at) values ('website', 'json', '{}', 'review', 'no address', clock())`,
  );
  await firm.startWorker();
  await vi.waitFor(async () => expect(await firm.outbox('eva@firm.example')).toHaveLength(1), patient);
  const { describe } = temporalOf(firm);
  expect((await describe(lane)).status.name).toBe('RUNNING');
});

test('the lanes are awake as soon as a worker is: the first mail waits for no cold start', async () => {
  const firm = await workspace();
  await firm.startWorker();
  const { describe } = temporalOf(firm);
  for (const each of deliveryOf(sendClasses))
    await vi.waitFor(async () => expect((await describe(each)).status.name).toBe('RUNNING'), patient);
});

test('a loop that nobody drives is ended and started anew; one that answers is left alone', async () => {
  const firm = await workspace();
  await firm.startWorker();
  const { client, prefix, describe, signal, signalOn } = temporalOf(firm);
  const restart = createRestart({ client, prefix, signal, patienceMs: 1_000 });

  // Not a lane: those the worker has started already.
  const scoring: Loop = { kind: 'scoring', ...rangeOf(0, 1) };
  await signalOn('a queue without workers')(scoring);
  const stuck = await describe(scoring);
  await vi.waitFor(async () => expect(await restart(scoring)).toBe(true), patient);
  await vi.waitFor(async () => expect((await describe(scoring)).raw.pendingWorkflowTask ?? null).toBeNull(), patient);

  const answering = await describe(scoring);
  expect(answering.runId).not.toBe(stuck.runId);
  expect(await restart(scoring)).toBe(false);
  expect((await describe(scoring)).runId).toBe(answering.runId);
});

test('a process that starts while Temporal is down answers, and works as soon as it can', async () => {
  const firm = await workspace();
  const door = await closedDoor(firm.config.TEMPORAL_ADDRESS!);
  const config = { ...firm.config, TEMPORAL_ADDRESS: door.address };
  const early = createTendril({
    config,
    log: pino({ level: 'silent' }),
    roles: { api: true, worker: true },
    templates: await shippedTemplates(),
  });
  const status = async (path: string) => (await early.fetch!(new Request(`http://tendril.test${path}`))).status;

  const { workerStarted } = await early.start();
  onTestFinished(early.stop);
  expect(await status('/healthz')).toBe(200);
  expect(await status('/readyz')).toBe(503);
  early.poke(lane);

  await door.open();
  await workerStarted;
  await vi.waitFor(async () => expect(await status('/readyz')).toBe(200), patient);
});

/** An address in front of another that nobody answers at until it is opened. */
async function closedDoor(to: string) {
  const [host, port] = to.split(':');
  const door = createServer((inside) => {
    const outside = connect(Number(port), host);
    inside.pipe(outside).pipe(inside);
    inside.on('error', () => outside.destroy());
    outside.on('error', () => inside.destroy());
  });
  const own = await freePort();
  onTestFinished(() => void door.close());
  return { address: `127.0.0.1:${own}`, open: () => new Promise<void>((resolve) => door.listen(own, '127.0.0.1', resolve)) };
}
