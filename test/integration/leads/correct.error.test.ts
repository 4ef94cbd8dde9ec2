import { expect, test } from 'vitest';
import { addPerson } from '../../support/ground.ts';
import { workspace } from '../../support/workspace.ts';

test('a correction that cannot be read, or would make two leads one or nobody, is refused and changes nothing', async () => {
  const firm = await workspace();
  const id = await addPerson(firm.pool, 'mei@huadong.example');
  await addPerson(firm.pool, 'li@huadong.example', { name: 'Li Wei' });
  const refused: [object, number, string?][] = [
    [{ email: 'mei at huadong' }, 422, 'email'],
    [{ email: '' }, 422, 'email'],
    [{ phone: '12' }, 422, 'phone'],
    [{ country: 'Atlantis' }, 422, 'country'],
    [{ timezone: 'Mars/Olympus' }, 422, 'timezone'],
    [{ locale: 'english please' }, 422, 'locale'],
    [{ stage: 'customer' }, 422],
    [{ test: 'yes' }, 422, 'test'],
    [{ name: ' ' }, 422, 'name'],
    [{}, 422],
    [{ name: 'a\u0000b' }, 400],
    [{ email: 'li@huadong.example' }, 409, 'email'],
    [{ email: null }, 409],
  ];
  for (const [body, status, path] of refused) {
    const answer = await firm.patch(`/v1/leads/${id}`, body);
    expect(answer, JSON.stringify(body)).toHaveStatus(status);
    const { issues } = (await answer.json()) as { issues?: { path: string }[] };
    if (path) expect(issues?.[0]?.path, JSON.stringify(body)).toBe(path);
  }
  expect(await firm.patch('/v1/leads/nobody@nowhere.example', { name: 'N' })).toHaveStatus(404);
  expect((await firm.pool.query('select from journal')).rowCount).toBe(0);
});

test('two corrections to one address at once: one lead has it, the other is told', async () => {
  const firm = await workspace();
  const ids = [await addPerson(firm.pool, 'a@huadong.example'), await addPerson(firm.pool, 'b@huadong.example')];
  const answers = await Promise.all(ids.map((id) => firm.patch(`/v1/leads/${id}`, { email: 'right@huadong.example' })));
  expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([200, 409]);
});
