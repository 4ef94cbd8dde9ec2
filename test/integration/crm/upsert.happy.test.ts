import { beforeAll, expect, test } from 'vitest';
import { receiver } from '../../support/receiver.ts';
import { listen, LOCAL, tellAll, told } from '../../support/webhooks.ts';
import { workspace, type Workspace } from '../../support/workspace.ts';

interface Answer {
  [field: string]: unknown;
  lead: { id: string; attributes: Record<string, unknown> };
  results: { result: string; id: string | null; fault: unknown }[];
}

let firm: Workspace;
beforeAll(async () => {
  firm = await workspace({ env: LOCAL, reps: ['ana'] });
  return firm.close;
});

const put = async (path: string, body: object) => {
  const response = await firm.put(path, body);
  return { status: response.status, ...((await response.json()) as Answer) };
};

test('a person told by the CRM is made, changed where something is new, and left alone where nothing is', async () => {
  const path = '/v1/leads/by/salesforce/003A';
  const first = await put(path, {
    email: 'Mei@Huadong.example',
    firstName: 'Mei',
    lastName: 'Chen',
    attributes: { employees: 40, old: 1 },
    tags: ['vip'],
  });
  expect(first).toMatchObject({
    status: 201,
    result: 'created',
    lead: { email: 'mei@huadong.example', name: 'Mei Chen', account: { domain: 'huadong.example' } },
  });

  expect(await put(path, { firstName: 'Mei', attributes: { employees: 40 } })).toMatchObject({ status: 200, result: 'unchanged' });

  const third = await put(path, { title: 'Buyer', stage: 'customer', attributes: { old: null, plant: 'Wuxi' }, lastName: null });
  expect(third).toMatchObject({
    result: 'updated',
    lead: { title: 'Buyer', stage: 'customer', lastName: null, firstName: 'Mei', tags: ['vip'] },
  });
  expect(third.lead.attributes).toEqual({ employees: 40, plant: 'Wuxi' });

  // The id wins: the address changes, and the one before still finds the lead.
  expect(await put(path, { email: 'mei.chen@huadong.example' })).toMatchObject({
    result: 'updated',
    lead: { email: 'mei.chen@huadong.example' },
  });
  const found = (await (await firm.get('/v1/leads/mei@huadong.example')).json()) as { id: string };
  expect(await (await firm.get(path)).json()).toMatchObject({ id: found.id, email: 'mei.chen@huadong.example' });
});

test('somebody who was here before the CRM told of them is recognised by the address, then by the id', async () => {
  await firm.post('/v1/identify', { userId: 'u1', traits: { email: 'jo@acme.example' } });
  const adopted = await put('/v1/leads/by/hubspot/7', { email: 'jo@acme.example', title: 'CTO' });
  expect(adopted).toMatchObject({ status: 200, result: 'updated' });
  expect(await put('/v1/leads/by/hubspot/7', { phone: '+49 30 901820' })).toMatchObject({
    lead: { id: adopted.lead.id, phone: '+4930901820' },
  });
});

test('a thousand at once: each row heeded or refused by itself, twice is as good as once', async () => {
  const items = Array.from({ length: 1_000 }, (_, i) => ({ externalId: `c${i}`, email: `p${i}@many.example`, title: `Nr ${i}` }));
  const answer = async (rows: object[]) => (await (await firm.post('/v1/leads/batch', { system: 'sap', items: rows })).json()) as Answer;
  expect(await answer(items)).toMatchObject({ created: 1_000, updated: 0, unchanged: 0, faults: 0 });
  expect(await answer(items)).toMatchObject({ created: 0, updated: 0, unchanged: 1_000, faults: 0 });

  const mixed = await answer([
    { externalId: 'c0', title: 'Other' },
    { externalId: 'c0', title: 'Again' },
    { externalId: 'c1', email: 'p2@many.example' },
    { externalId: 'c3', email: 'no address' },
    { externalId: 'new', firstName: 'Nobody' },
    { externalId: 'twin-1', email: 'twin@many.example', title: 'One' },
    { externalId: 'twin-2', email: 'twin@many.example', title: 'Two' },
    { externalId: 'c4', unknownField: true },
    { externalId: 'c5', email: null },
    { externalId: 'c6', tags: ['cut \ud83d'], attributes: { note: 'a\0b' } },
  ]);
  expect(mixed.results.map((one) => one.result)).toEqual([
    'updated',
    'fault',
    'fault',
    'fault',
    'fault',
    'created',
    'updated',
    'fault',
    'fault',
    'fault',
  ]);
  expect(mixed.results[2]!.fault).toMatchObject({ code: 'conflict', issues: [{ path: 'externalId' }, { path: 'email' }] });
  expect(mixed.results[5]!.id).toBe(mixed.results[6]!.id);
  expect(mixed.results[9]!.fault).toMatchObject({ code: 'invalid', issues: [{ path: 'tags' }, { path: 'attributes' }] });
});

test('told by several at once, somebody is made once', async () => {
  const same = await Promise.all(Array.from({ length: 4 }, () => put('/v1/leads/by/sap/race', { email: 'race@acme.example' })));
  const others = await Promise.all([1, 2, 3].map((n) => put(`/v1/leads/by/sap/race-${n}`, { email: 'race-2@acme.example' })));
  for (const answers of [same, others]) {
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([...answers.slice(1).map(() => 200), 201]);
    expect(new Set(answers.map(({ lead }) => lead.id)).size).toBe(1);
  }
  const firms = await Promise.all([1, 2, 3].map((n) => put(`/v1/accounts/by/sap/race-${n}`, { domain: 'race.example' })));
  expect(firms.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 201]);
});

test('a company by its id, then by its domain; its people and its records are told by that id', async () => {
  expect(
    await put('/v1/accounts/by/salesforce/001', { domain: 'www.vulkan.example', name: 'Vulkan AG', owner: 'ana', attributes: { tier: 1 } }),
  ).toMatchObject({
    status: 201,
    result: 'created',
    account: { domain: 'vulkan.example', owner: { key: 'ana' } },
  });
  expect(await put('/v1/accounts/by/salesforce/001', { owner: null, attributes: { tier: null } })).toMatchObject({
    result: 'updated',
    account: { owner: null, attributes: {}, name: 'Vulkan AG' },
  });
  expect(await put('/v1/accounts/by/sap/4711', { domain: 'vulkan.example' })).toMatchObject({ status: 200, result: 'unchanged' });
  const person = await put('/v1/leads/by/salesforce/003V', { email: 'ida@gmail.com', account: { system: 'sap', externalId: '4711' } });
  expect(person).toMatchObject({ lead: { account: { domain: 'vulkan.example' } } });
  const record = await put('/v1/records/by/sap/contract/9', {
    account: { system: 'salesforce', externalId: '001' },
    lead: { system: 'salesforce', externalId: '003V' },
    status: 'signed',
    amount: 1000,
    currency: 'EUR',
  });
  expect(record).toMatchObject({ status: 'signed', account: { domain: 'vulkan.example' }, lead: { email: 'ida@gmail.com' } });
  expect(await firm.put('/v1/records/by/salesforce/contract/9', { account: { domain: 'vulkan.example' }, status: 'lost' })).toHaveStatus(
    409,
  );
});

test('a system is not told what it has told us, others are, with its name', async () => {
  const own = await receiver();
  const other = await receiver();
  await listen(firm, own.url, ['lead.*', 'account.*', 'record.*'], { system: 'pipedrive' });
  await listen(firm, other.url, ['lead.*', 'account.*', 'record.*']);
  await put('/v1/leads/by/pipedrive/1', { email: 'eva@echo.example' });
  await put('/v1/leads/by/pipedrive/1', { title: 'Head' });
  await put('/v1/accounts/by/pipedrive/a', { domain: 'echo.example', name: 'Echo' });
  await put('/v1/records/by/pipedrive/quote/q1', { account: { domain: 'echo.example' }, status: 'sent' });
  await firm.request('/v1/leads/eva@echo.example', {
    method: 'PATCH',
    body: JSON.stringify({ title: 'Chief' }),
    headers: { 'content-type': 'application/json' },
  });
  await tellAll(firm);

  expect(told(own.received).map(({ type, origin }) => [type, origin])).toEqual([
    ['account.created', null],
    ['lead.updated', null],
  ]);
  const heard = told(other.received).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  expect(heard.map(({ type, origin }) => [type, origin])).toEqual(
    expect.arrayContaining([
      ['lead.created', 'pipedrive'],
      ['lead.updated', 'pipedrive'],
      ['account.updated', 'pipedrive'],
      ['record.created', 'pipedrive'],
      ['lead.updated', null],
    ]),
  );
  expect(heard.find(({ type }) => type === 'lead.created')!.data['lead']).toMatchObject({
    externalIds: [{ system: 'pipedrive', id: '1' }],
  });
});
