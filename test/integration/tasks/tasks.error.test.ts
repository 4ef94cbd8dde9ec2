import { expect, test } from 'vitest';
import { campaignOf, launch, standing, topics } from '../../support/campaigns.ts';
import { look } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { openTask } from '../../support/tasks.ts';
import { workspace } from '../../support/workspace.ts';

const nobody = '01900000-0000-7000-8000-000000000000';

test('what is not possible says why', async () => {
  const firm = await workspace({ reps: ['ana', 'ben'], documents: topics });
  const { id } = await openTask(firm);
  const answer = async (path: string, body: object) => {
    const response = await firm.post(`/v1/tasks/${path}`, body);
    return [response.status, ((await response.json()) as { detail: string }).detail] as const;
  };
  expect(await answer(`${id}/done`, { outcome: 'thrilled' })).toEqual([422, `'thrilled' is not an outcome of this task`]);
  expect((await answer(`${id}/done`, { outcome: 'refused', shoeSize: 43 }))[0]).toBe(422);
  expect((await answer(`${id}/reassign`, { rep: 'zoe' }))[0]).toBe(422);
  expect(await answer(`${id}/reassign`, { rep: 'ana' })).toEqual([409, 'It is Ana’s already']);
  for (const verb of ['done', 'cancel']) {
    expect((await answer(`${nobody}/${verb}`, {}))[0]).toBe(404);
    expect((await answer(`not-an-id/${verb}`, {}))[0]).toBe(422);
  }
  expect((await answer(`${id}/done`, {}))[0]).toBe(200);
  expect(await answer(`${id}/done`, { outcome: 'refused' })).toEqual([409, 'This task is done already: done']);
  expect((await answer(`${id}/cancel`, {}))[0]).toBe(409);
  expect((await answer(`${id}/reassign`, { rep: 'ben' }))[0]).toBe(409);
  expect((await firm.get(`/v1/tasks/${nobody}`)).status).toBe(404);
  expect((await firm.get('/v1/tasks?cursor=nonsense')).status).toBe(422);
  expect((await firm.get('/v1/tasks?due=tomorrow')).status).toBe(422);
});

test('where the firm has nobody, the enrolment waits with a reason that can be seen, and the others go on', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', documents: topics });
  const when = { when: { 'lead.company': 'Huadong' }, steps: [{ id: 'call', task: { to: 'owner' } }] };
  await launch(firm, campaignOf({ steps: [{ id: 'who', branch: [when] }] }));
  await happen(firm.pool, 'signed_up', [{ email: 'mei@huadong.example', company: 'Huadong' }, { email: 'li@other.example' }]);
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', 'li@other.example')).toMatchObject([{ state: 'completed' }]);
  const reason = 'There is nobody to give this to: this workspace has no reps';
  expect(await standing(firm, 'trial', 'mei@huadong.example')).toMatchObject([{ state: 'active', error: reason }]);

  await firm.pool.query(`insert into rep (key, name, email) values ('ana', 'Ana', 'ana@firm.example') on conflict do nothing`);
  await firm.jump('5m');
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', 'mei@huadong.example')).toMatchObject([{ state: 'completed', error: null }]);
});
