import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { repSchema } from '../../api/reps/schema.ts';
import { calendarDocument } from '../../domain/calendar/calendar.ts';
import { slaDocument } from '../../domain/sla/document.ts';

const read = async (name: string): Promise<unknown> => parse(await readFile(new URL(`../../demo/${name}.yaml`, import.meta.url), 'utf8'));

test('the demo’s sales documents are valid, and name only reps and pools that are there', async () => {
  const reps = z.array(repSchema).parse(await read('reps'));
  const pools = z
    .array(z.object({ key: z.string(), name: z.string(), members: z.array(z.object({ rep: z.string(), weight: z.number() })) }))
    .parse(await read('pools'));
  const sla = slaDocument.parse(await read('sla'));
  expect(calendarDocument.parse(await read('calendar')).holidays).toContain('2026-12-25');
  expect(reps.some((rep) => rep.manager)).toBe(true);
  const keys = reps.map((rep) => rep.key);
  for (const { members } of pools) for (const { rep } of members) expect(keys).toContain(rep);
  for (const pool of Object.keys(sla.pools)) expect(pools.map(({ key }) => key)).toContain(pool);
});
