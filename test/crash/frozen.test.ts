import { expect, onTestFinished, test, vi } from 'vitest';
import { campaignOf, launch, topics } from '../support/campaigns.ts';
import { frozenTransactionsEnd, leasesRunOut, randomOf, terminateLoops, violations } from '../support/chaos.ts';
import { countBySendKey, type MailSink, startMailSink } from '../support/counting-smtp.ts';
import { happen } from '../support/people.ts';
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.ts';
import { type Workspace, workspace } from '../support/workspace.ts';

const SEED = Number(process.env['TENDRIL_CRASH_SEED'] ?? Math.floor(Math.random() * 1_000_000));
const patient = { timeout: 90_000, interval: 200 };

/** A firm whose mails go to a sink of ours, with a campaign of one mail. */
async function ground(): Promise<{ firm: Workspace; sink: MailSink; start(name: string): Promise<WorkerProcess> }> {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', documents: topics, env: { SWEEP_EVERY: '2' } });
  await launch(firm, campaignOf({ steps: [{ id: 'welcome', send: 'trial-welcome' }] }));
  const sink = await startMailSink();
  const started: WorkerProcess[] = [];
  onTestFinished(async () => {
    await Promise.all(started.map((one) => one.kill()));
    await sink.close();
  });
  /** Its mails say which worker made them; it waits for an answer however long it is frozen. */
  const start = async (name: string) => {
    const env = { MAIL_TRANSPORT: 'smtp', SMTP_URL: `${sink.url}?answerTimeout=600`, PUBLIC_URL: `http://${name}.test` };
    const worker = await startWorkerProcess(firm, env);
    started.push(worker);
    return worker;
  };
  return { firm, sink, start };
}

const states = async ({ pool }: Workspace): Promise<Record<string, number>> => {
  const { rows } = await pool.query<{ state: string; n: number }>('select state, count(*)::int as n from send group by state');
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
};
const twice = (sink: MailSink) => [...countBySendKey(sink.received)].filter(([, count]) => count > 1);

/** People who sign up, and of whom the sweeper hears first. */
async function signUp({ pool }: Workspace, people: number, name: string): Promise<void> {
  await happen(
    pool,
    'signed_up',
    Array.from({ length: people }, (_, n) => ({ email: `${name}${n}@firm.example` })),
  );
}

/** While a worker stands still: its leases and its transactions end, and every loop goes to whoever is there. */
async function takeOver(firm: Workspace): Promise<void> {
  await leasesRunOut(firm.pool);
  await frozenTransactionsEnd(firm.pool);
  await terminateLoops(firm);
}

test(
  'frozen between the last byte and the answer: the others send the rest, the thawed one settles its own late',
  { timeout: 240_000 },
  async () => {
    const people = 300;
    const { firm, sink, start } = await ground();
    sink.hold();
    const workers = { one: await start('one'), other: await start('other') };
    await Promise.all([workers.one.runs, workers.other.runs]);
    await signUp(firm, people, 'lead');
    // Batches are under way; some mails are taken and not answered yet.
    await vi.waitFor(() => expect(sink.received.length).toBeGreaterThanOrEqual(5), patient);
    const frozen = sink.received[0]!.raw.includes('one.test') ? workers.one : workers.other;
    expect((await states(firm)).in_flight).toBeGreaterThan(0);
    frozen.signal('SIGSTOP');
    const handedOver = sink.received.length;

    await takeOver(firm);
    sink.release();
    await vi.waitFor(
      async () => expect(await states(firm)).toEqual({ unknown: expect.any(Number), accepted: expect.any(Number) }),
      patient,
    );
    const { unknown } = await states(firm);
    expect(unknown).toBeGreaterThanOrEqual(handedOver);
    expect(twice(sink)).toEqual([]);

    // Those it had not begun it may still send, once, for nobody else ever will.
    frozen.signal('SIGCONT');
    await vi.waitFor(async () => expect(await states(firm)).toEqual({ accepted: people }), patient);
    await firm.settle(60_000);
    expect(sink.received).toHaveLength(people);
    expect(twice(sink)).toEqual([]);
    expect(await violations(firm)).toEqual([]);
  },
);

test(
  'frozen again and again, wherever it happens to be: no mail twice, and what is unknown arrived at most once',
  { timeout: 300_000 },
  async () => {
    console.info(`frozen workers: seed ${SEED}; again with TENDRIL_CRASH_SEED=${SEED}`);
    const random = randomOf(SEED);
    const { firm, sink, start } = await ground();
    const workers = [await start('one'), await start('other')];
    await Promise.all(workers.map((one) => one.runs));
    const [rounds, people] = [6, 250];

    for (let n = 0; n < rounds; n++) {
      const victim = workers[n % 2]!;
      await signUp(firm, people, `round${n}-`);
      await takeOver(firm);
      await new Promise((resolve) => setTimeout(resolve, random() * 1_500));
      victim.signal('SIGSTOP');
      await new Promise((resolve) => setTimeout(resolve, 600));
      await takeOver(firm);
      await new Promise((resolve) => setTimeout(resolve, random() * 3_000));
      victim.signal('SIGCONT');
    }
    const all = rounds * people;
    await vi.waitFor(
      async () => {
        await leasesRunOut(firm.pool);
        const { accepted = 0, unknown = 0, ...others } = await states(firm);
        expect([accepted + unknown, others]).toEqual([all, {}]);
      },
      { ...patient, interval: 5_000 },
    );
    await firm.settle(60_000);

    expect(twice(sink)).toEqual([]);
    const { rows } = await firm.pool.query<{ sendKey: string }>(`select send_key as "sendKey" from send where state = 'accepted'`);
    const counts = countBySendKey(sink.received);
    expect(
      rows.filter((row) => !counts.has(row.sendKey)),
      'accepted, yet not received',
    ).toEqual([]);

    // Nobody is held for ever by a mail that nobody can vouch for.
    await firm.jump('2d');
    await firm.settle(60_000);
    expect((await firm.pool.query('select state, count(*)::int as n from enrolment group by state')).rows).toEqual([
      { state: 'completed', n: all },
    ]);
    expect(await violations(firm)).toEqual([]);
  },
);
