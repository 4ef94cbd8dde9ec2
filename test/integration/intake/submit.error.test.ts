import { afterAll, beforeAll, expect, test } from 'vitest';
import { workspace, type Workspace } from '../../support/workspace.ts';

const documents = {
  form: { website: { key: 'website', name: 'Website', purpose: 'contact', required: ['email', 'company'], reviewWithin: '4h' } },
};

let firm: Workspace;
beforeAll(async () => void (firm = await workspace({ documents, at: '2030-03-01T10:00:00Z' })));
afterAll(() => firm.close());

const json = async (answer: Response) =>
  (await answer.json()) as { code: string; issues?: { path: string }[]; submissionId: string; state: string };

test('an unknown form is 404, an unreadable body 400, an unknown type 415, a large one 413', async () => {
  expect(await firm.anyone.post('/f/nowhere', { email: 'a@b.example' })).toHaveStatus(404);
  expect(await firm.anyone.post('/f/website', '{"email":', { 'content-type': 'application/json' })).toHaveStatus(400);
  expect(await firm.anyone.post('/f/website', 'x', { 'content-type': 'multipart/form-data; boundary=zz' })).toHaveStatus(400);
  expect(await firm.anyone.post('/f/website', 'x', { 'content-type': 'application/xml' })).toHaveStatus(415);
  expect(
    await firm.anyone.post('/f/website', 'a=b', { 'content-type': 'application/x-www-form-urlencoded; charset=klingon' }),
  ).toHaveStatus(415);
  expect(await firm.anyone.post('/f/website', { message: 'x'.repeat(600_000) })).toHaveStatus(413);
});

test('a JSON caller is told which fields are missing or unusable; an empty submission is refused', async () => {
  const answer = await firm.anyone.post('/f/website', { email: 'nobody' });
  expect(answer).toHaveStatus(422);
  expect((await json(answer)).issues!.map(({ path }) => path)).toEqual(['email', 'company']);
  expect(await firm.anyone.post('/f/website', {})).toHaveStatus(422);
  expect(await firm.anyone.post('/f/website', '"text"', { 'content-type': 'application/json' })).toHaveStatus(422);
  expect(
    await firm.anyone.post('/f/website', `${'['.repeat(90_000)}${']'.repeat(90_000)}`, { 'content-type': 'application/json' }),
  ).toHaveStatus(422);
});

test('a form without a usable address waits for a person, and is taken in once somebody says who it was', async () => {
  const answer = await firm.anyone.post('/f/website', new URLSearchParams({ name: 'Kevin Kay', email: 'kevin@', message: 'Call me' }));
  expect(answer).toHaveStatus(202);
  const { submissionId, state } = await json(answer);
  expect(state).toBe('review');
  const { items } = (await (await firm.get('/v1/submissions?state=review')).json()) as {
    items: { id: string; reviewDueAt: string; reason: string; fields: { unusable: unknown } }[];
  };
  expect(items).toMatchObject([
    {
      id: submissionId,
      reviewDueAt: '2030-03-01T14:00:00.000Z',
      reason: 'the email given cannot be used',
      fields: { unusable: [{ field: 'email', value: 'kevin@' }] },
    },
  ]);

  expect(await firm.post(`/v1/submissions/${submissionId}/resolve`, { email: 'kevin at home' })).toHaveStatus(422);
  expect(await firm.post(`/v1/submissions/${submissionId}/resolve`, { firstName: 'K' })).toHaveStatus(422);
  const resolved = await firm.post(`/v1/submissions/${submissionId}/resolve`, { email: 'kevin@kay.example' });
  expect(resolved).toHaveStatus(200);
  expect(await resolved.json()).toMatchObject({ state: 'resolved', leadId: expect.any(String), reviewDueAt: null });
  expect((await firm.pool.query('select name from lead where email = $1', ['kevin@kay.example'])).rows).toEqual([{ name: 'Kevin Kay' }]);
  expect(await firm.post(`/v1/submissions/${submissionId}/resolve`, { email: 'kevin@kay.example' })).toHaveStatus(409);
  expect(await firm.post(`/v1/submissions/${submissionId}/discard`)).toHaveStatus(409);
});

test('junk is quarantined behind the same answer, makes no lead, and can be restored', async () => {
  const honest = await json(await firm.anyone.post('/f/website', new URLSearchParams({ email: 'honest@acme.example' })));
  const trapped = await json(await firm.anyone.post('/f/website', new URLSearchParams({ email: 'bot@acme.example', _gotcha: 'x' })));
  expect(Object.keys(trapped)).toEqual(Object.keys(honest));
  expect(trapped.state).toBe('accepted');
  const links = new URLSearchParams({
    email: 'links@acme.example',
    message: 'Buy http://a.example http://b.example http://c.example www.d.example',
  });
  await firm.anyone.post('/f/website', links);
  await firm.anyone.post('/f/website', new URLSearchParams({ email: 'x@mailinator.com' }));
  const { items } = (await (await firm.get('/v1/submissions?state=junk')).json()) as { items: { id: string }[] };
  expect(items).toHaveLength(3);
  expect(
    (await firm.pool.query(`select from lead where email in ('bot@acme.example', 'links@acme.example', 'x@mailinator.com')`)).rowCount,
  ).toBe(0);

  const restored = await firm.post(`/v1/submissions/${trapped.submissionId}/restore`);
  expect(restored).toHaveStatus(200);
  expect(await restored.json()).toMatchObject({ state: 'resolved', leadId: expect.any(String) });
  expect(await firm.post(`/v1/submissions/${trapped.submissionId}/restore`)).toHaveStatus(409);
  expect(await firm.post(`/v1/submissions/${items.find(({ id }) => id !== trapped.submissionId)!.id}/discard`)).toHaveStatus(200);
  expect(await firm.get(`/v1/submissions/${trapped.submissionId}`)).toHaveStatus(200);
  expect(await firm.get('/v1/submissions/0198c5a4-0000-7000-8000-000000000000')).toHaveStatus(404);
  expect(await firm.get('/v1/submissions?cursor=nonsense')).toHaveStatus(422);
});
