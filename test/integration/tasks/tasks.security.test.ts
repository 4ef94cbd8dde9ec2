import { expect, test } from 'vitest';
import { signLink } from '../../../messaging/links.ts';
import { topics } from '../../support/campaigns.ts';
import { openTask, taskLink } from '../../support/tasks.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const id = '01900000-0000-7000-8000-000000000000';
const form = (fields: Record<string, string>) => ({ method: 'POST', body: new URLSearchParams(fields) });
const visit = (firm: Workspace, path: string, init?: RequestInit) => firm.anyone.request(path, init);

test('reading needs read, acting needs write, the signing secret admin, and no key is no entry', async () => {
  const firm = await workspace();
  const reader = firm.with(await firm.newKey('read'));
  const writer = firm.with(await firm.newKey('write'));
  const ingest = firm.with(await firm.newKey('ingest'));
  for (const path of ['/v1/tasks', `/v1/tasks/${id}`, '/v1/calls']) {
    expect((await firm.anyone.get(path)).status).toBe(401);
    expect((await ingest.get(path)).status).toBe(403);
    expect((await reader.get(path)).status).not.toBe(403);
  }
  for (const verb of ['done', 'cancel', 'reassign']) {
    expect((await firm.anyone.post(`/v1/tasks/${id}/${verb}`, {})).status).toBe(401);
    expect((await reader.post(`/v1/tasks/${id}/${verb}`, {})).status).toBe(403);
  }
  expect((await firm.anyone.get('/v1/webhooks/secret')).status).toBe(401);
  expect((await writer.get('/v1/webhooks/secret')).status).toBe(403);
  expect(await (await firm.get('/v1/webhooks/secret')).json()).toEqual({ secret: expect.stringMatching(/^whsec_.{40,}/) });
});

test('the link of a mail: looking changes nothing, the form answers once, and only whoever has the task', async () => {
  const firm = await workspace({ reps: ['ana', 'ben'], documents: topics });
  await firm.pool.query(`update workspace set name = 'Ostara'`);
  const { id: task, link } = await openTask(firm);
  await firm.pool.query(`update lead set name = '<script>alert(1)</script>'`);
  const shown = await visit(firm, link);
  expect(shown.status).toBe(200);
  const page = await shown.text();
  expect(page).toContain('Refused');
  expect(page).not.toContain('<script>alert');
  const state = async () => ((await (await firm.get(`/v1/tasks/${task}`)).json()) as { state: string }).state;
  expect(await state()).toBe('open');

  expect((await visit(firm, link, form({}))).status).toBe(422);
  expect((await visit(firm, link, form({ outcome: 'thrilled' }))).status).toBe(422);
  await firm.post(`/v1/tasks/${task}/reassign`, { rep: 'ben' });
  for (const init of [undefined, form({ outcome: 'refused' })]) {
    const late = await visit(firm, link, init);
    expect(late.status).toBe(410);
    expect(await late.text()).toContain('This task is Ben’s now');
  }
  expect(await state()).toBe('open');

  const theirs = await taskLink(firm);
  expect((await visit(firm, theirs, form({ outcome: 'refused', note: 'later' }))).status).toBe(200);
  expect(await state()).toBe('done');
  expect((await visit(firm, theirs, form({ outcome: 'done' }))).status).toBe(409);
  const secret = 'a secret of the tests, long enough';
  for (const wrong of [
    signLink(secret, 'accept', { t: task, r: task }),
    signLink(secret, 'task', { t: id, r: id }),
    theirs.slice(6, -2),
    'x',
  ])
    expect((await visit(firm, `/task/${wrong}`, form({ outcome: 'done' }))).status).toBe(404);
});
