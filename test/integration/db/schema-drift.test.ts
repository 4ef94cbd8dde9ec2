import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { modelsOf } from '../../../db/models.ts';
import { createPrisma } from '../../../db/prisma.ts';
import { createDatabase } from '../../support/database.ts';

test('the Prisma models say what the migrations make; `npm run models` brings them up to date', async () => {
  const database = await createDatabase();
  try {
    const written = await readFile(new URL('../../../prisma/schema.prisma', import.meta.url), 'utf8');
    expect(written).toBe(await modelsOf(database.pool));
  } finally {
    await database.drop();
  }
});

test('the client reads and writes through the models, references included', async () => {
  const database = await createDatabase();
  const prisma = createPrisma(database.url, 2);
  try {
    expect(await prisma.workspace.findFirst()).toMatchObject({ name: 'Tendril', clockRate: 1 });
    const account = await prisma.account.create({ data: { name: 'Aguas del Sur', domain: 'aguas.example' } });
    await prisma.lead.create({ data: { email: 'ines@aguas.example', accountId: account.id } });
    const lead = await prisma.lead.findUnique({ where: { email: 'ines@aguas.example' }, include: { account: true } });
    expect(lead).toMatchObject({ stage: 'lead', tags: [], account: { domain: 'aguas.example' } });
    expect(lead!.slot).toBeGreaterThanOrEqual(0);
  } finally {
    await prisma.$disconnect();
    await database.drop();
  }
});
