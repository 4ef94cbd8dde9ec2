import { expect, test } from 'vitest';
import { addLeads, handToSales, lookingAfter } from '../../support/sales.ts';
import { workspace } from '../../support/workspace.ts';

const nobody = '01900000-0000-7000-8000-000000000000';

test('what is not possible says why', async () => {
  const firm = await workspace({ reps: ['ana'] });
  const [id] = await handToSales(firm.pool, await addLeads(firm.pool, 1));
  const answer = async (path: string, body: object) => {
    const response = await firm.post(`/v1/opportunities/${path}`, body);
    return [response.status, ((await response.json()) as { detail: string }).detail] as const;
  };
  expect(await answer(`${id}/accept`, { rep: 'ana' })).toEqual([409, 'This lead is not offered to anybody at the moment']);
  await lookingAfter(firm.pool).lookAfter({ opportunityId: id! });
  expect((await answer(`${id}/accept`, { rep: 'zoe' }))[0]).toBe(422);
  expect((await answer(`${id}/accept`, {}))[0]).toBe(422);
  expect((await answer(`${nobody}/accept`, { rep: 'ana' }))[0]).toBe(404);
  expect((await answer(`not-an-id/accept`, { rep: 'ana' }))[0]).toBe(422);
  expect((await answer(`${id}/touch`, {}))[0]).toBe(409);
  expect((await answer(`${id}/close`, { outcome: 'won' }))[0]).toBe(409);
  expect((await answer(`${id}/close`, { outcome: 'won', currency: 'euros' }))[0]).toBe(422);
  expect((await answer(`${id}/reject`, { reason: 'no such reason' }))[0]).toBe(422);
  expect((await answer(`${id}/reject`, { reason: 'not_now', resumeOn: '2001-01-01' }))[0]).toBe(422);
  expect((await firm.get(`/v1/opportunities/${nobody}`)).status).toBe(404);
  expect((await firm.get('/v1/opportunities?cursor=nonsense')).status).toBe(422);
  expect((await firm.post('/v1/opportunities', { lead: 'nobody@nowhere.example' })).status).toBe(404);
});
