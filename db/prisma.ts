import { PrismaPg } from '@prisma/adapter-pg';
import { Pool } from 'pg';
import { PrismaClient } from './generated/client.ts';

export type Prisma = PrismaClient;

/**
 * The Prisma client of the api's ordinary reads and writes, over a pool of `max` connections of its own. The loops and the hot
 * paths use db/pool.ts instead. `$disconnect()` closes the pool too.
 */
export function createPrisma(connectionString: string, max: number): Prisma {
  const pool = new Pool({
    connectionString,
    max,
    application_name: 'tendril-prisma',
    options: '-c timezone=UTC',
    connectionTimeoutMillis: 10_000,
  });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  return new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: true }) });
}
