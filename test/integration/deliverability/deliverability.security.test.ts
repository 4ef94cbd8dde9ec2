import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

test('figures need a key that reads, domains the admin’s; what is no domain is refused, and nothing is paused twice', async () => {
  const firm = await workspace();
  const [reader, writer] = [firm.with(await firm.newKey('read')), firm.with(await firm.newKey('write'))];
  expect(await firm.anyone.get('/v1/deliverability')).toHaveStatus(401);
  expect(await reader.get('/v1/deliverability')).toHaveStatus(200);
  expect(await firm.with(await firm.newKey('ingest')).get('/v1/deliverability')).toHaveStatus(403);
  for (const path of ['', '/pause', '/resume']) {
    const url = `/v1/deliverability/domains/firm.example${path}`;
    const by = (who: typeof reader) => (path === '' ? who.get(url) : who.post(url, { reason: 'x' }));
    expect(await by(firm.anyone)).toHaveStatus(401);
    expect(await by(writer)).toHaveStatus(403);
  }

  for (const wrong of [
    'localhost',
    '-a.example',
    'a_b.example',
    'x'.repeat(64) + '.example',
    '127.0.0.1',
    'a.example%2F..%2Fb',
    'é.example',
  ]) {
    expect(await firm.get(`/v1/deliverability/domains/${wrong}`)).toHaveStatus(422);
  }
  expect(await firm.get('/v1/deliverability/domains/firm.example?selector=a.b/c')).toHaveStatus(422);
  expect(await firm.get('/v1/deliverability?days=32')).toHaveStatus(422);
  expect(await firm.post('/v1/deliverability/domains/firm.example/pause', { reason: ' ' })).toHaveStatus(422);
  expect(await firm.post('/v1/deliverability/domains/firm.example/resume')).toHaveStatus(409);
  expect(await firm.post('/v1/deliverability/domains/Firm.Example/pause', { reason: 'spam' })).toHaveStatus(204);
  expect(await firm.post('/v1/deliverability/domains/firm.example/pause', { reason: 'spam' })).toHaveStatus(409);
  expect(await (await firm.get('/v1/alerts')).json()).toMatchObject({ items: [{ kind: 'domain_paused', about: 'firm.example' }] });
});
