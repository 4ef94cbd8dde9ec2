import type { Pool } from 'pg';
import { pino } from 'pino';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createThrottle } from '../../activities/gates.ts';
import { createDeliveryActivities, type DeliveryDeps } from '../../activities/delivery.ts';
import type { NewSend } from '../../db/sends.ts';
import { queueSends } from '../../db/sends.ts';
import type { Loop } from '../../domain/loops.ts';
import type { Outcome, OutgoingMessage, Transport } from '../../messaging/transports/transport.ts';
import { shippedTemplates } from '../../runtime/templates.ts';
import { createDatabase, type TestDatabase } from './database.ts';

export const SECRET = 'a secret of the tests, long enough';

/** A database for all tests of a file; before each there is no mail in it, nobody to write to, and every lane is free. */
export function emptyLedger(): { readonly pool: Pool } {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.drop());
  beforeEach(async () => {
    await database.pool.query('truncate send, lead, suppression, consent, campaign cascade');
    await database.pool.query('update lane set held_until_real = null, stopped_reason = null, resumed_real = null, rate = null');
  });
  return {
    get pool() {
      return database.pool;
    },
  };
}

/** A transport that takes note; `answer` says what becomes of each message. */
export function notingTransport(
  answer: (message: OutgoingMessage) => Outcome | Promise<Outcome> = () => ({ kind: 'accepted', providerId: 'p' }),
) {
  const sent: OutgoingMessage[] = [];
  const transport: Transport = {
    async send(messages) {
      sent.push(...messages);
      return Promise.all(messages.map(answer));
    },
    close: async () => {},
  };
  return { transport, sent };
}

/** The delivery activity as the function it is, over a database of the test's own. */
export async function deliveryOver(pool: Pool, deps: Partial<DeliveryDeps> = {}) {
  const poked: Loop[] = [];
  const activities = createDeliveryActivities({
    pool,
    poke: (loop) => poked.push(loop),
    log: pino({ level: 'silent' }),
    transport: notingTransport().transport,
    rendering: {
      templates: await shippedTemplates(),
      secret: SECRET,
      publicUrl: 'http://tendril.test',
      from: { name: 'Firm', address: 'hello@firm.example' },
    },
    stillWanted: async () => new Map(),
    throttle: createThrottle(),
    lingering: { limitMs: 5_000, quietMs: 0 },
    ...deps,
  });
  return { ...activities, poked };
}

/** A lead, and how many marketing mails of the topic `news` to it. Answers its id. */
export async function leadWithMail(pool: Pool, email: string, mail: Partial<NewSend> = {}): Promise<string> {
  const { rows } = await pool.query<{ id: string }>('insert into lead (email) values ($1) returning id', [email]);
  const leadId = rows[0]!.id;
  await queueSends(pool, [{ sendKey: `to/${email}/1`, class: 'marketing', topic: 'news', leadId, template: 'form-confirmation', ...mail }]);
  return leadId;
}

/** State and reason of every mail, by key. */
export async function ledgerOf(pool: Pool): Promise<Record<string, string>> {
  const { rows } = await pool.query<{ key: string; stands: string }>(
    `select send_key as key, concat_ws(': ', state, reason) as stands from send order by send_key`,
  );
  return Object.fromEntries(rows.map(({ key, stands }) => [key, stands]));
}

/** The pool, but `before` happens first when its first transaction begins: in delivery, the last look's. */
export function interrupted(pool: Pool, before: () => Promise<unknown>): Pool {
  let once: Promise<unknown> | undefined;
  const connect = async () => {
    await (once ??= before());
    return pool.connect();
  };
  return { query: pool.query.bind(pool), connect } as unknown as Pool;
}
