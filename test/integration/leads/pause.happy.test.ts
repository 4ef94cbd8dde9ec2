import { expect, test } from 'vitest';
import { leadDetailSchema } from '../../../api/leads/schema.ts';
import { addPerson } from '../../support/ground.ts';
import { workspace } from '../../support/workspace.ts';

test('marketing to one person is paused until a moment, or until it is resumed; it passes by itself, and both stand in the journal', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z' });
  const id = await addPerson(firm.pool, 'mei@huadong.example');
  const lead = async (answer: Response) => leadDetailSchema.strict().parse(await answer.json());
  const paused = await lead(await firm.post(`/v1/leads/${id}/pause`, { until: '2026-03-09T09:00:00Z' }));
  expect(paused).toMatchObject({ pausedAt: '2026-03-02T09:00:00.000Z', pausedUntil: '2026-03-09T09:00:00.000Z' });
  await firm.jump('7d');
  expect(await lead(await firm.get(`/v1/leads/${id}`))).toMatchObject({ pausedAt: null, pausedUntil: null });

  expect(await lead(await firm.post('/v1/leads/mei@huadong.example/pause', {}))).toMatchObject({
    pausedAt: '2026-03-09T09:00:00.000Z',
    pausedUntil: null,
  });
  expect(await lead(await firm.post(`/v1/leads/${id}/resume`))).toMatchObject({ pausedAt: null });
  const { items } = (await (await firm.get(`/v1/leads/${id}/why`)).json()) as { items: { words: string }[] };
  expect(items.map(({ words }) => words)).toEqual([
    'Marketing to this person goes on',
    'Marketing to this person paused',
    'Marketing to this person paused until 9 March 2026, 09:00 UTC',
  ]);
});
