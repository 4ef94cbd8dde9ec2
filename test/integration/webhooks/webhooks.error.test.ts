import { expect, test } from 'vitest';
import { listen, LOCAL } from '../../support/webhooks.ts';
import { workspace } from '../../support/workspace.ts';

const nobody = '019aab5f-dc5a-7c02-a0e3-d9f2b1c4e5f6';

test('what cannot be meant is refused, naming where', async () => {
  const firm = await workspace({ env: LOCAL });
  const refused = async (body: object) => {
    const response = await firm.post('/v1/webhooks', body);
    return { status: response.status, issues: ((await response.json()) as { issues: { path: string }[] }).issues.map(({ path }) => path) };
  };
  const url = 'https://crm.example/hook';
  expect(await refused({ url: 'ftp://crm.example', types: ['*'] })).toEqual({ status: 422, issues: ['url'] });
  expect(await refused({ url: 'https://user:secret@crm.example', types: ['*'] })).toEqual({ status: 422, issues: ['url'] });
  expect(await refused({ url, types: [] })).toEqual({ status: 422, issues: ['types'] });
  expect(await refused({ url, types: ['opportunity.wno'] })).toEqual({ status: 422, issues: ['types.0'] });
  expect(await refused({ url, types: ['*'], system: 'Sales Force' })).toEqual({ status: 422, issues: ['system'] });
  expect(await firm.post('/v1/webhooks', { url, types: ['event.our_own_thing', 'opportunity.won', 'task.*'] })).toHaveStatus(201);

  const { id } = await listen(firm, url, ['*']);
  expect(await firm.patch(`/v1/webhooks/${id}`, {})).toHaveStatus(422);
  expect(await firm.post(`/v1/webhooks/${id}/replay`, {})).toHaveStatus(422);
  expect(await firm.post(`/v1/webhooks/${id}/replay`, { since: '2020-01-01T00:00:00Z' })).toHaveStatus(422);
  expect(await firm.post(`/v1/webhooks/${id}/replay`, { messageIds: ['msg_none'] })).toHaveStatus(422);
  for (const path of ['', '/messages', `/messages/msg_${'0'.repeat(32)}e`])
    expect(await firm.get(`/v1/webhooks/${nobody}${path}`)).toHaveStatus(404);
  for (const path of ['/test', '/secret/rotate']) expect(await firm.post(`/v1/webhooks/${nobody}${path}`)).toHaveStatus(404);
  expect(await firm.post(`/v1/webhooks/${nobody}/replay`, { state: 'dead' })).toHaveStatus(404);
  expect(await firm.delete(`/v1/webhooks/${nobody}`)).toHaveStatus(404);

  for (let i = 2; i < 30; i++) await listen(firm, url, ['*']);
  expect(await firm.post('/v1/webhooks', { url, types: ['*'] })).toHaveStatus(409);
});

test('where the id is one lead and the email another, nothing is changed and both are named', async () => {
  const firm = await workspace();
  const lead = async (path: string, body: object) => ((await (await firm.put(path, body)).json()) as { lead: { id: string } }).lead.id;
  const a = await lead('/v1/leads/by/sap/a', { email: 'a@acme.example' });
  const b = await lead('/v1/leads/by/sap/b', { email: 'b@acme.example' });
  const response = await firm.put('/v1/leads/by/sap/a', { email: 'b@acme.example', title: 'Thief' });
  expect(response).toHaveStatus(409);
  expect(await response.text()).toMatch(new RegExp(`${a}.*${b}`, 's'));
  expect(await (await firm.get('/v1/leads/a@acme.example')).json()).toMatchObject({ title: null });
  expect(await firm.put('/v1/leads/by/sap/new', { firstName: 'Nobody' })).toHaveStatus(422);
  expect(await firm.put('/v1/leads/by/SAP/a', { title: 'x' })).toHaveStatus(422);
  expect(await firm.put('/v1/leads/by/sap/a', { attributes: { x: 'a\u0000b' } })).toHaveStatus(422);
  expect(await firm.get('/v1/leads/by/sap/unknown')).toHaveStatus(404);
  expect(await firm.get('/v1/accounts/by/sap/unknown')).toHaveStatus(404);

  expect(await firm.put('/v1/accounts/by/sap/1', { domain: 'gmail.com' })).toHaveStatus(422);
  expect(await firm.put('/v1/accounts/by/sap/1', { domain: 'one.example' })).toHaveStatus(201);
  expect(await firm.put('/v1/accounts/by/sap/2', { domain: 'two.example' })).toHaveStatus(201);
  expect(await firm.put('/v1/accounts/by/sap/2', { domain: 'one.example' })).toHaveStatus(409);
  expect(await firm.put('/v1/accounts/by/sap/3', { country: 'DE' })).toHaveStatus(422);
  expect(await firm.put('/v1/accounts/by/sap/1', { owner: 'nobody' })).toHaveStatus(422);
  expect(await firm.put('/v1/records/by/sap/order/1', { account: { system: 'sap', externalId: '99' }, status: 'open' })).toHaveStatus(422);
});
