import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from 'pg';
import { migrate } from '../db/migrate.ts';
import { modelsOf } from '../db/models.ts';
import { startPostgres } from './local/postgres.ts';

// `npm run models`: writes prisma/schema.prisma anew after a migration was added, from a database made for the purpose.
const dir = mkdtempSync(join(tmpdir(), 'tendril-models-'));
// As root, the server runs as another user, who must be able to enter.
chmodSync(dir, 0o755);
const postgres = await startPostgres({ dir, log: () => {} });
try {
  await migrate(postgres.url);
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  try {
    writeFileSync(fileURLToPath(new URL('../prisma/schema.prisma', import.meta.url)), await modelsOf(client));
  } finally {
    await client.end();
  }
} finally {
  await postgres.stop();
  rmSync(dir, { recursive: true, force: true });
}
