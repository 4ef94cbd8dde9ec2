import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

test('what is no record is refused, naming what is wrong; of a batch then nothing is kept', async () => {
  const firm = await workspace();
  const record = { email: 'ana@aguas.example', status: 'sent' };
  expect(await firm.put('/v1/records/invoice/1', record)).toHaveStatus(422);
  expect(await firm.put('/v1/records/quote/1', { status: 'sent' })).toHaveStatus(422);
  expect(await firm.put('/v1/records/quote/1', { ...record, status: '!' })).toHaveStatus(422);
  expect(await firm.put('/v1/records/quote/1', { ...record, dates: { ends_at: 'soon' } })).toHaveStatus(422);
  expect(await firm.put('/v1/records/quote/1', { ...record, currency: 'euro' })).toHaveStatus(422);
  expect(await firm.put('/v1/records/quote/1', { ...record, account: { domain: 'gmail.com' } })).toHaveStatus(422);
  expect(await firm.get('/v1/records/quote/1')).toHaveStatus(404);

  const quote = (externalId: string, rest = {}) => ({ kind: 'quote', externalId, record: { ...record, ...rest } });
  const unknown = await firm.post('/v1/records', {
    items: [quote('1'), quote('2', { account: { id: '0197c000-0000-7000-8000-000000000000' } })],
  });
  expect(unknown).toHaveStatus(422);
  expect(await unknown.json()).toMatchObject({ issues: [{ path: 'items.1.record.account.id' }] });
  expect(await firm.post('/v1/records', { items: [quote('1'), quote('1')] })).toHaveStatus(422);
  expect(await firm.post('/v1/records', 'kind,number', { 'content-type': 'text/csv' })).toHaveStatus(415);
  expect(await (await firm.get('/v1/records')).json()).toEqual({ items: [], nextCursor: null });
  expect((await firm.pool.query('select from lead')).rows).toEqual([]);
});
