import type { Pool } from 'pg';
import type { Logger } from 'pino';
import type { PrismaClient } from '../db/generated/client.ts';
import type { Poke } from '../domain/loops.ts';
import type { Templates } from '../messaging/templates.ts';
import type { Config } from '../runtime/config.ts';

/** What the endpoints are given. An endpoint names the part it uses: `Pick<ApiDeps, 'pool' | 'poke'>`. */
export interface ApiDeps {
  pool: Pool;
  prisma: PrismaClient;
  poke: Poke;
  config: Config;
  log: Logger;
  templates: Templates;
  /** Whether Temporal answers at this moment; readiness asks it. */
  temporalReachable(): Promise<boolean>;
  /** The process's metrics in Prometheus' text format. */
  metrics: { contentType: string; metrics(): Promise<string> };
}
