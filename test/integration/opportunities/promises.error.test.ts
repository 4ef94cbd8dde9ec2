import { expect, test } from 'vitest';
import { addLeads, bodyOf, handToSales, lookingAfter } from '../../support/sales.ts';
import { workspace } from '../../support/workspace.ts';

test('what cannot be said of an opportunity says why, and changes nothing', async () => {
  const firm = await workspace({ reps: ['ana', 'ben'], at: '2026-11-23T09:00:00Z' });
  const [id, other] = await handToSales(firm.pool, await addLeads(firm.pool, 2));
  const { lookAfter } = lookingAfter(firm.pool);
  await lookAfter({ opportunityId: id! });
  const headers = { 'content-type': 'application/json' };
  const patch = (body: object, of = id) =>
    firm.request(`/v1/opportunities/${of}`, { method: 'PATCH', body: JSON.stringify(body), headers });

  for (const [body, path] of [
    [{ stage: 'nowhere' }, 'stage'],
    [{ amount: 5 }, 'currency'],
    [{ amount: -1, currency: 'EUR' }, 'amount'],
    [{ amount: 1.234, currency: 'EUR' }, 'amount'],
    [{ currency: 'EURO' }, 'currency'],
    [{ currency: 'ZZZ' }, 'currency'],
    [{ expectedClose: '31.12.2026' }, 'expectedClose'],
    [{ grade: 'E' }, 'grade'],
    [{ rep: 'nobody', stage: 'proposal' }, 'rep'],
  ] as const) {
    const refused = await patch(body);
    expect(refused, JSON.stringify(body)).toHaveStatus(422);
    expect(await refused.json(), JSON.stringify(body)).toMatchObject({ code: 'invalid', issues: [{ path }] });
  }
  expect(await patch({ stage: 'proposal' }, '01900000-0000-7000-8000-000000000000')).toHaveStatus(404);
  expect(await patch({ unknown: 1 })).toHaveStatus(422);

  const snooze = (body: object) => firm.post(`/v1/opportunities/${id}/snooze`, body);
  expect(await snooze({ until: '2026-12-01', reason: 'x' })).toHaveStatus(409);
  expect(await snooze({ until: '2026-12-01', reason: 'x', rep: 'ben' })).toHaveStatus(409);
  expect(await snooze({ until: '2026-12-01', reason: ' ', rep: 'ana' })).toHaveStatus(422);
  for (const until of ['2020-01-01', '2027-11-23']) expect(await snooze({ until, reason: 'x', rep: 'ana' }), until).toHaveStatus(422);
  // What was refused has not taken the lead either.
  expect(await bodyOf(firm.get(`/v1/opportunities/${id}`))).toMatchObject({ state: 'offered', amount: null, stage: null });

  await firm.post(`/v1/opportunities/${id}/accept`, { rep: 'ana' });
  const touch = (at: string) => firm.post(`/v1/opportunities/${id}/touch`, { at });
  expect(await touch('2026-11-23T10:00:00Z')).toHaveStatus(422);
  expect(await touch('2026-11-23T08:00:00Z')).toHaveStatus(422);
  const close = (body: object) => firm.post(`/v1/opportunities/${id}/close`, body);
  expect(await close({ outcome: 'lost', reason: 'bad luck' })).toHaveStatus(422);
  expect(await close({ outcome: 'won', reason: 'competitor' })).toHaveStatus(422);
  expect(await close({ outcome: 'won', amount: 5 })).toHaveStatus(422);
  expect(await close({ outcome: 'won', amount: 5, currency: 'EUR' })).toHaveStatus(200);
  // The money of what is won may be put right; nothing else.
  expect(await patch({ amount: 6 })).toHaveStatus(200);
  expect(await patch({ stage: 'proposal' })).toHaveStatus(409);
  expect(await snooze({ until: '2026-12-01', reason: 'x' })).toHaveStatus(409);
  expect(await bodyOf(firm.get(`/v1/opportunities/${other}`))).toMatchObject({ stage: null });
});

test('who may read sees broken promises, who may write says how it stands, and nobody else', async () => {
  const firm = await workspace({ reps: ['ana'] });
  const id = '01900000-0000-7000-8000-000000000000';
  const reader = firm.with(await firm.newKey('read'));
  const ingest = firm.with(await firm.newKey('ingest'));
  const patch = { method: 'PATCH', body: '{"stage":"proposal"}', headers: { 'content-type': 'application/json' } };
  for (const path of ['/v1/opportunities/breaches', '/v1/reps/ana/touch-address']) {
    expect(await firm.anyone.get(path)).toHaveStatus(401);
    expect(await ingest.get(path)).toHaveStatus(403);
    expect(await reader.get(path)).toHaveStatus(200);
  }
  expect(await firm.anyone.request(`/v1/opportunities/${id}`, patch)).toHaveStatus(401);
  expect(await reader.request(`/v1/opportunities/${id}`, patch)).toHaveStatus(403);
  expect(await reader.post(`/v1/opportunities/${id}/snooze`, { until: '2026-12-01', reason: 'x' })).toHaveStatus(403);
  expect(await firm.get('/v1/opportunities/breaches?from=yesterday')).toHaveStatus(422);
  expect(await firm.get('/v1/opportunities/breaches?cursor=nonsense')).toHaveStatus(422);
  expect(await firm.get('/v1/reps/nobody/touch-address')).toHaveStatus(404);
  expect(await (await firm.get('/v1/reps/ana/touch-address')).json()).toEqual({ rep: 'ana', address: null });
});
