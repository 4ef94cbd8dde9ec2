import { Client, Connection } from '@temporalio/client';
import type { Config } from './config.ts';

export type TemporalSettings = Pick<Config, 'TEMPORAL_NAMESPACE' | 'TEMPORAL_API_KEY' | 'TEMPORAL_TLS'> & { TEMPORAL_ADDRESS: string };

/** How the client and the worker reach Temporal. */
export function connectionOptions(settings: TemporalSettings): { address: string; tls?: true; apiKey?: string } {
  return {
    address: settings.TEMPORAL_ADDRESS,
    ...(settings.TEMPORAL_TLS || settings.TEMPORAL_API_KEY ? { tls: true } : {}),
    ...(settings.TEMPORAL_API_KEY ? { apiKey: settings.TEMPORAL_API_KEY } : {}),
  };
}

export interface TemporalClient {
  client: Client;
  /** Whether it answers at this moment. */
  reachable(): Promise<boolean>;
  close(): Promise<void>;
}

/** How soon a lost Temporal is tried again, real milliseconds: grpc's own default grows to two minutes, in which every poke would fail. */
const SOON = { 'grpc.initial_reconnect_backoff_ms': 250, 'grpc.max_reconnect_backoff_ms': 2_000 };

/** A client that connects when it is first used, and again whenever it must: the api starts and answers while Temporal is down. */
export function createTemporalClient(settings: TemporalSettings): TemporalClient {
  const connection = Connection.lazy({ ...connectionOptions(settings), channelArgs: SOON });
  const asking = new Set<Promise<boolean>>();

  async function ask(): Promise<boolean> {
    try {
      await connection.withDeadline(Date.now() + 2_000, () => connection.workflowService.getSystemInfo({}));
      return true;
    } catch {
      return false;
    }
  }

  return {
    client: new Client({ connection, namespace: settings.TEMPORAL_NAMESPACE }),
    reachable() {
      const asked = ask().finally(() => asking.delete(asked));
      asking.add(asked);
      return asked;
    },
    async close() {
      // A question that is being retried on a closed connection would end the process.
      await Promise.all(asking);
      await connection.close();
    },
  };
}
