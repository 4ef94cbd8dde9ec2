import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

test('a lead that is not there is a problem with status 404', async () => {
  const firm = await workspace();
  for (const name of ['nobody@nowhere.example', '0199d3a2-0000-7000-8000-000000000000', 'not-an-id', '%00', 'x'.repeat(300)]) {
    const answer = await firm.get(`/v1/leads/${name}/score`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ code: 'not_found', status: 404 });
  }
});

test('a name that is too long for an address is refused by its field', async () => {
  const firm = await workspace();
  const answer = await firm.get(`/v1/leads/${'x'.repeat(400)}/score`);
  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({ code: 'invalid' });
});
