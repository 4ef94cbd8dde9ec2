import { expect, test } from 'vitest';
import { addPerson } from '../../support/ground.ts';
import { workspace } from '../../support/workspace.ts';

test('nobody there, a moment that is past, a body that says something else, nothing to resume: each is told', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z' });
  const id = await addPerson(firm.pool, 'mei@huadong.example');
  expect(await firm.post('/v1/leads/no@where.example/pause', {})).toHaveStatus(404);
  expect(await firm.post(`/v1/leads/${id}/pause`, { until: '2026-03-01T09:00:00Z' })).toHaveStatus(422);
  expect(await firm.post(`/v1/leads/${id}/pause`, { until: 'soon' })).toHaveStatus(422);
  expect(await firm.post(`/v1/leads/${id}/pause`, { unitl: '2026-04-01T09:00:00Z' })).toHaveStatus(422);
  expect(await firm.post(`/v1/leads/${id}/resume`)).toHaveStatus(409);
  expect((await firm.pool.query('select from journal')).rowCount).toBe(0);
});
