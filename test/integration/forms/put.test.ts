import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

const quote = { name: 'Ask for a quote', purpose: 'quote_request', required: ['email'], mapping: { size: 'attributes.pump_size' } };

test('a form is made, changed and listed; what is posted to it follows the version in force', async () => {
  const firm = await workspace();
  expect(await (await firm.put('/v1/forms/quote', quote)).json()).toEqual({
    key: 'quote',
    version: 1,
    document: { key: 'quote', ...quote },
  });
  expect(await (await firm.put('/v1/forms/quote', quote)).json()).toMatchObject({ version: 1 });
  expect(await firm.anyone.post('/f/quote', { size: 'DN 50', email: 'ana@acme.example' })).toHaveStatus(202);
  expect(await firm.anyone.post('/f/quote', { size: 'DN 50' })).toHaveStatus(422);
  expect(await (await firm.put('/v1/forms/quote', { ...quote, required: [] })).json()).toMatchObject({ version: 2 });
  expect(await firm.anyone.post('/f/quote', { size: 'DN 50' })).toHaveStatus(202);
  expect(await (await firm.get('/v1/forms')).json()).toMatchObject({ items: [{ key: 'quote', version: 2, document: { required: [] } }] });
  expect((await firm.pool.query(`select attributes from lead where email = 'ana@acme.example'`)).rows).toEqual([
    { attributes: { pump_size: 'DN 50' } },
  ]);
});

test('what is no form document is refused with each fault, and forms are for keys that may write', async () => {
  const firm = await workspace();
  const refused = await firm.put('/v1/forms/quote', { ...quote, purpose: 'fun', colour: 'red' });
  expect(refused).toHaveStatus(422);
  const { issues } = (await refused.json()) as { issues: { path: string; mend: string }[] };
  expect(issues.map(({ path, mend }) => [path, mend])).toEqual(
    expect.arrayContaining([
      ['purpose', 'Choose one of those named'],
      ['', 'Remove it, or look at the spelling'],
    ]),
  );
  expect(await firm.put('/v1/forms/quote', { ...quote, key: 'other' })).toHaveStatus(422);
  expect(await firm.put('/v1/forms/Quote%20me', quote)).toHaveStatus(422);
  expect(await firm.anyone.put('/v1/forms/quote', quote)).toHaveStatus(401);
  expect(await firm.with(await firm.newKey('read')).put('/v1/forms/quote', quote)).toHaveStatus(403);
  expect(await firm.with(await firm.newKey('ingest')).get('/v1/forms')).toHaveStatus(403);
});
