import pg, { Pool, type PoolClient, type QueryConfig } from 'pg';
import { encodeParams, instantOf } from './params.ts';

/** Anything a statement can be sent to: the pool itself, or one transaction's client. */
export type Queryable = Pick<PoolClient, 'query'>;

/** A pool for the loops and the api's hot paths. Sizes are connections, timeouts milliseconds. */
export function createPool(options: {
  connectionString: string;
  max: number;
  transactionTimeoutMs: number;
  applicationName: string;
}): Pool {
  const pool = new Pool({
    connectionString: options.connectionString,
    max: options.max,
    application_name: options.applicationName,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    types: { getTypeParser: parserOf },
    options: `-c timezone=UTC -c transaction_timeout=${options.transactionTimeoutMs} -c idle_in_transaction_session_timeout=${options.transactionTimeoutMs} -c tcp_user_timeout=20000`,
  });
  // A connection that breaks, idle or in the middle of a transaction, is replaced by the pool; without listeners it would end the process.
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    client.on('error', () => {});
    const query = client.query.bind(client) as (text: unknown, values: unknown, callback: unknown) => unknown;
    client.query = ((said: string | QueryConfig, values: unknown, callback: unknown) => {
      const encoded = (given: unknown): unknown =>
        Array.isArray(given) ? encodeParams(typeof said === 'string' ? said : said.text, given) : given;
      return typeof said === 'string' || !said.values
        ? query(said, encoded(values), callback)
        : query({ ...said, values: encoded(said.values) }, values, callback);
    }) as typeof client.query;
  });
  return pool;
}

const TIMESTAMPTZ = 1184;
const plain = pg.types.getTypeParser(TIMESTAMPTZ) as (text: string) => unknown;
const instant = (text: string): unknown => instantOf(text) ?? plain(text);

/** The client library's own readers, but for instants: there are several in every row. */
const parserOf: typeof pg.types.getTypeParser = (id: number, format?: 'text' | 'binary') =>
  id === TIMESTAMPTZ && format !== 'binary' ? instant : pg.types.getTypeParser(id, format);

const DEADLOCK = '40P01';
const SERIALIZATION = '40001';

/**
 * How a transaction begins that looks up a thousand rows by their keys, table after table. The planner would rather hash a whole table of tens of
 * thousands each time, which costs several times as much and grows with the table.
 */
const BY_KEY = `begin; ${['seqscan', 'bitmapscan', 'hashjoin', 'mergejoin'].map((way) => `set local enable_${way} = off`).join('; ')}`;

/** Runs `work` in one transaction; a deadlock is retried at once, up to five times. `byKey`: for batches that look everything up by its key. */
export async function inTransaction<T>(pool: Pool, work: (tx: PoolClient) => Promise<T>, { byKey = false } = {}): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const tx = await pool.connect();
    let broken: Error | undefined;
    try {
      await tx.query(byKey ? BY_KEY : 'begin');
      const result = await work(tx);
      await tx.query('commit');
      return result;
    } catch (error) {
      const code = (error as { code?: string }).code;
      await tx.query('rollback').catch((failure: Error) => (broken = failure));
      if ((code === DEADLOCK || code === SERIALIZATION) && attempt < 5) continue;
      throw error;
    } finally {
      tx.release(broken);
    }
  }
}

/** SQLSTATE classes of what a row can be guilty of; the rest (connections, resources, shutdown) is nobody's fault and is tried again whole. */
const OF_THE_DATA = ['21', '22', '23', '42', '44', '54', 'P0', 'XX'];

/** Whether an error of a statement is the fault of the rows it was about. */
export const isOfTheData = (error: unknown): boolean => OF_THE_DATA.includes((error as { code?: string }).code?.slice(0, 2) ?? '');
