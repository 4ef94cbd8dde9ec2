import { expect, onTestFailed, onTestFinished, test } from 'vitest';
import { countedTo } from '../../db/doctor.ts';
import { queueSends } from '../../db/sends.ts';
import { topics } from '../support/campaigns.ts';
import { leasesRunOut, randomOf, terminateLoops, violations } from '../support/chaos.ts';
import { type Fault, type FakeSendgrid, type MailBody, sendgridEnv, startFakeSendgrid } from '../support/fake-sendgrid.ts';
import { tell } from '../support/sendgrid-events.ts';
import { startWorkerProcess, type WorkerProcess } from '../support/worker-process.ts';
import { type Workspace, workspace } from '../support/workspace.ts';

const MAILS = Number(process.env['TENDRIL_CRASH_MAILS'] ?? 5_000);
const KILLS = Number(process.env['TENDRIL_CRASH_KILLS'] ?? 5);
const SEED = Number(process.env['TENDRIL_CRASH_SEED'] ?? Math.floor(Math.random() * 1_000_000));
const LANES = ['marketing', 'transactional'] as const;
const patient = { timeout: 60_000, interval: 100 };

/** How often a request goes wrong, in so many of 10,000; `400` is of the mail, and always the same. */
const CHANCES: [Fault, number][] = [
  ['slow', 300],
  ['reset before', 40],
  ['reset after', 40],
  ['429', 12],
  ['500', 12],
  ['504', 12],
  ['hang', 8],
];

const refused = (name: string): boolean => /lead\d*77@/.test(name);

function faultsOf(random: () => number): (body: MailBody) => Fault | undefined {
  return ({ personalizations }) => {
    if (refused(personalizations[0]!.to[0]!.email)) return '400';
    let left = random() * 10_000;
    for (const [fault, chance] of CHANCES) if ((left -= chance) < 0) return fault;
    return undefined;
  };
}

/** A part of the mails, half of them by each lane, and nobody told but the loops. */
async function queue(firm: Workspace, from: number, to: number): Promise<void> {
  const { rows } = await firm.pool.query<{ id: string; email: string }>(
    `with people as (
       insert into lead (email) select 'lead' || n || '@firm' || n % 100 || '.example' from generate_series($1::int, $2::int) n returning id, email),
     known as (insert into lead_identity (kind, value, lead_id) select 'email', email, id from people)
     select id, email from people`,
    [from, to - 1],
  );
  await queueSends(
    firm.pool,
    rows.map(({ id, email }, n) => ({
      sendKey: `mail/${email}/1`,
      class: LANES[n % 2]!,
      leadId: id,
      topic: n % 2 === 0 ? 'news' : null,
      template: 'form-confirmation',
    })),
  );
  for (const lane of LANES) firm.poke({ kind: 'delivery', lane });
}

interface Row {
  sendKey: string;
  state: string;
  reason: string | null;
}

async function ledger({ pool }: Workspace): Promise<Row[]> {
  return (await pool.query<Row>('select send_key as "sendKey", state, reason from send')).rows;
}

/** Until nothing waits or is under way any more, poking as the sweeper would. */
async function untilSettled(firm: Workspace): Promise<void> {
  const left = async (): Promise<number> =>
    (await firm.pool.query<{ n: number }>(`select count(*)::int as n from send where state in ('queued', 'in_flight')`)).rows[0]!.n;
  await expect
    .poll(
      async () => {
        for (const lane of LANES) firm.poke({ kind: 'delivery', lane });
        return left();
      },
      { timeout: 300_000, interval: 500 },
    )
    .toBe(0);
}

/** The key is taken away: both lanes come to a stop, and go on when it is given back and somebody says so. Nothing is lost meanwhile. */
async function refuseForAWhile(firm: Workspace, fake: FakeSendgrid): Promise<void> {
  const standing = async () =>
    (await firm.pool.query<{ n: number }>(`select count(*)::int as n from lane where stopped_reason like '%does not let us send%'`))
      .rows[0]!.n;
  fake.letIn('another key');
  await expect
    .poll(async () => {
      for (const lane of LANES) firm.poke({ kind: 'delivery', lane });
      return standing();
    }, patient)
    .toBe(LANES.length);
  const before = fake.taken.length;
  fake.letIn(fake.apiKey);
  expect(fake.taken.length).toBe(before);
  for (const lane of LANES) expect(await firm.post(`/v1/lanes/${lane}/resume`)).toHaveStatus(204);
}

test(
  `${MAILS} mails through a SendGrid with every fault, its webhook late, shuffled and doubled, and ${KILLS} workers killed: none twice, none lost`,
  { timeout: 600_000 },
  async () => {
    console.info(`SendGrid crash test: seed ${SEED}, ${KILLS} kills; again with TENDRIL_CRASH_SEED=${SEED} TENDRIL_CRASH_KILLS=${KILLS}`);
    const random = randomOf(SEED);
    const fake = await startFakeSendgrid({ faultOf: faultsOf(randomOf(SEED + 1)), retryAfter: '0.3', slowMs: 100 });
    const firm = await workspace({ at: '2026-03-02T09:00:00Z', documents: topics, env: { ...sendgridEnv(fake), SWEEP_EVERY: '2' } });
    const complaints: string[] = [];
    const workers: WorkerProcess[] = [];
    const start = () => startWorkerProcess(firm, { ...sendgridEnv(fake), SENDGRID_TIMEOUT: '1', SENDGRID_CONNECTIONS: '10' }, complaints);
    onTestFinished(async () => {
      await Promise.all(workers.map((one) => one.kill()));
      await fake.close();
    });
    onTestFailed(() => console.error(complaints.slice(-20).join('\n')));
    workers.push(await start(), await start());
    await Promise.all(workers.map((one) => one.runs));

    const rounds = KILLS + 1;
    for (let round = 0; round < rounds; round++) {
      const [from, to] = [round, round + 1].map((n) => Math.floor((n * MAILS) / rounds)) as [number, number];
      const asked = fake.requests() + Math.floor(random() * 0.8 * (to - from));
      await queue(firm, from, to);
      if (round === Math.floor(rounds / 2)) await refuseForAWhile(firm, fake);
      if (round === KILLS) break;
      // In the middle of sending, whoever it is that sends.
      await expect.poll(() => fake.requests(), { timeout: 60_000, interval: 20 }).toBeGreaterThanOrEqual(asked);
      // Of some it tells already, while their senders have yet to settle them.
      const early = tell(firm, fake, ...fake.taken.filter(() => random() < 0.2).map((mail) => fake.event(mail, 'processed')));
      const victim = Math.floor(random() * workers.length);
      await workers[victim]!.kill();
      workers[victim] = await start();
      await early;
      await leasesRunOut(firm.pool);
      await terminateLoops(firm);
      for (const lane of LANES) firm.poke({ kind: 'delivery', lane });
    }
    await untilSettled(firm);

    const taken = new Map<string, number>();
    for (const { sendKey } of fake.taken) taken.set(sendKey, (taken.get(sendKey) ?? 0) + 1);
    expect(
      [...taken].filter(([, times]) => times > 1),
      'mailed twice',
    ).toEqual([]);

    const rows = await ledger(firm);
    const of = (state: string): Row[] => rows.filter((row) => row.state === state);
    const unknown = of('unknown');
    const takenUnknown = unknown.filter(({ sendKey }) => taken.has(sendKey));
    console.info(
      `SendGrid crash test: ${fake.requests()} requests, ${fake.taken.length} mails taken, ${unknown.length} unknown (${unknown.filter(({ reason }) => reason === 'no_answer').length} by the kills), of which SendGrid has ${takenUnknown.length}`,
    );
    expect(rows).toHaveLength(MAILS);
    expect(
      of('accepted').filter(({ sendKey }) => !taken.has(sendKey)),
      'accepted, yet never taken',
    ).toEqual([]);
    expect(
      of('failed').filter(({ sendKey }) => !refused(sendKey)),
      'refused, yet nothing was wrong with it',
    ).toEqual([]);
    expect(rows.filter(({ sendKey, state }) => refused(sendKey) && state !== 'failed' && state !== 'unknown')).toEqual([]);
    expect(new Set(of('failed').map(({ reason }) => reason)).size).toBe(1);
    expect(of('accepted').length + of('failed').length + unknown.length, 'every row is settled, or unknown').toBe(MAILS);
    expect(
      unknown.filter(({ reason }) => !reason),
      'unknown, and nobody says why',
    ).toEqual([]);
    // The doctor counts no further than that.
    expect(await listed(firm)).toBe(Math.min(unknown.length, countedTo));
    expect(await violations(firm)).toEqual([]);

    // Now SendGrid tells: of each mail, twice, in no order.
    const events = fake.taken.flatMap((mail) => {
      const event = fake.event(mail, 'delivered');
      return [event, event].map((one) => ({ one, at: random() }));
    });
    const shuffled = events.toSorted((a, b) => a.at - b.at).map(({ one }) => one);
    while (shuffled.length > 0) await tell(firm, fake, ...shuffled.splice(0, 1_000));
    const after = await ledger(firm);
    expect(
      after
        .filter(({ state }) => state === 'accepted')
        .map(({ sendKey }) => sendKey)
        .toSorted(),
    ).toEqual([...taken.keys()].toSorted());
    expect(after.filter(({ state }) => state === 'unknown')).toHaveLength(unknown.length - takenUnknown.length);
    expect(await violations(firm)).toEqual([]);
  },
);

/** How many the doctor lists as unknown. */
async function listed(firm: Workspace): Promise<number> {
  const { items } = (await (await firm.get('/v1/doctor?grace=0')).json()) as { items: { check: string; listed: number }[] };
  return items.find(({ check }) => check === 'send-unknown')!.listed;
}
