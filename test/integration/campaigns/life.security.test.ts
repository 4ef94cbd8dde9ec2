import { expect, test } from 'vitest';
import { campaignOf, topics } from '../../support/campaigns.ts';
import { workspace } from '../../support/workspace.ts';

test('reading needs read, changing needs write, and a website’s key may do neither', async () => {
  const firm = await workspace({ documents: topics });
  await firm.post('/v1/campaigns', campaignOf({ steps: [{ id: 'a', wait: '1d' }] }));
  const reader = firm.with(await firm.newKey('read'));
  const website = firm.with(await firm.newKey('ingest'));
  const changes: [string, unknown][] = [
    ['/v1/campaigns', campaignOf({})],
    ['/v1/campaigns/trial/launch', undefined],
    ['/v1/campaigns/trial/pause', undefined],
    ['/v1/campaigns/trial/resume', { overdue: 'send' }],
    ['/v1/campaigns/trial/archive', undefined],
    ['/v1/campaigns/trial/enrolments', { email: 'mei@huadong.example' }],
  ];
  for (const [path, body] of changes) {
    expect(await firm.anyone.post(path, body)).toHaveStatus(401);
    expect(await reader.post(path, body)).toHaveStatus(403);
    expect(await website.post(path, body)).toHaveStatus(403);
  }
  for (const path of [
    '/v1/campaigns',
    '/v1/campaigns/trial',
    '/v1/campaigns/trial/enrolments',
    '/v1/campaigns/trial/splits',
    '/v1/campaigns/trial/appointments',
  ]) {
    expect(await firm.anyone.get(path)).toHaveStatus(401);
    expect(await website.get(path)).toHaveStatus(403);
    expect(await reader.get(path)).toHaveStatus(200);
  }
});

test('YAML that would grow without end is refused', async () => {
  const firm = await workspace({ documents: topics });
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'.split('').map((k, i) => `${k}: &${k} [${Array(9).fill(`*${'abcdefgh'[i]!}`).join(',')}]`),
  ].join('\n');
  expect(await firm.post('/v1/campaigns/lint', bomb, { 'content-type': 'application/yaml' })).toHaveStatus(400);
});
