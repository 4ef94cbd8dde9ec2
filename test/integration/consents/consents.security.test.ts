import { expect, test } from 'vitest';
import { signLink } from '../../../messaging/links.ts';
import { SECRET } from '../../support/delivery.ts';
import { workspace } from '../../support/workspace.ts';

const nobody = '00000000-0000-7000-8000-000000000000';

test('links that were changed, cut off, made for something else or by somebody else change nothing; whoever is gone is told so', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z' });
  const { rows } = await firm.pool.query<{ id: string }>(`insert into lead (email) values ('mei@huadong.example') returning id`);
  const leadId = rows[0]!.id;
  const { rows: asked } = await firm.pool.query<{ id: string }>(
    `insert into consent (lead_id, topic, granted, lack, source) values ($1, 'news', null, 'pending', 'form') returning id`,
    [leadId],
  );
  const wish = { l: leadId, t: 'news', s: null };
  const confirm = { l: leadId, t: 'news', c: asked[0]!.id };
  const later = new Date('2026-03-03T09:00:00Z');
  const good = { '/p/': signLink(SECRET, 'unsubscribe', wish), '/confirm/': signLink(SECRET, 'confirm', confirm, later) };
  const others = {
    '/p/': [signLink(SECRET, 'confirm', wish), signLink('another secret', 'unsubscribe', wish)],
    '/confirm/': [signLink(SECRET, 'unsubscribe', confirm), signLink('another secret', 'confirm', confirm)],
  };
  const body = new URLSearchParams({ save: 'yes', leave: 'yes', confirm: 'yes' });
  for (const path of ['/p/', '/confirm/'] as const) {
    for (const token of [good[path].slice(0, -3), `x${good[path]}`, 'nonsense', '%00', ...others[path]]) {
      expect(await firm.anyone.get(path + token)).toHaveStatus(404);
      expect(await firm.anyone.post(path + token, body)).toHaveStatus(404);
    }
  }
  // Another person's consent is not confirmed by one's own link, nor another topic.
  for (const wrong of [
    { ...confirm, t: 'other' },
    { ...confirm, c: nobody },
    { ...confirm, l: nobody },
  ])
    expect(await firm.anyone.post(`/confirm/${signLink(SECRET, 'confirm', wrong, later)}`, body)).toHaveStatus(200);
  expect(await firm.anyone.get(`/p/${signLink(SECRET, 'unsubscribe', { ...wish, l: nobody })}`)).toHaveStatus(200);
  expect(await firm.anyone.post(`/p/${signLink(SECRET, 'unsubscribe', { ...wish, l: nobody })}`, body)).toHaveStatus(200);
  expect((await firm.pool.query('select from consent')).rowCount).toBe(1);
  expect((await firm.pool.query('select from suppression')).rowCount).toBe(0);

  const page = await firm.anyone.get('/p/' + good['/p/']);
  expect(page.headers.get('cache-control')).toBe('no-store');
  expect(page.headers.get('referrer-policy')).toBe('no-referrer');
  expect(page.headers.get('content-security-policy')).toContain("form-action 'self'");
  expect(await page.text()).not.toContain('mei@');
});

test('who may read does not write; nobody else does either; one lead’s proof is not another’s', async () => {
  const firm = await workspace();
  const { rows } = await firm.pool.query<{ id: string }>(`insert into lead (email) values ('a@x.example'), ('b@x.example') returning id`);
  const { rows: consents } = await firm.pool.query<{ id: string }>(
    `insert into consent (lead_id, topic, granted, source) values ($1, 'news', true, 'form') returning id`,
    [rows[0]!.id],
  );
  const reader = firm.with(await firm.newKey('read'));
  const word = { topic: 'news', granted: true };
  expect(await reader.get('/v1/leads/a@x.example/consents')).toHaveStatus(200);
  expect(await reader.get(`/v1/leads/a@x.example/consents/${consents[0]!.id}`)).toHaveStatus(200);
  expect(await reader.get(`/v1/leads/b@x.example/consents/${consents[0]!.id}`)).toHaveStatus(404);
  expect(await reader.post('/v1/leads/a@x.example/consents', word)).toHaveStatus(403);
  for (const client of [firm.anyone, firm.with('tnd_wrong')]) {
    expect(await client.get('/v1/leads/a@x.example/consents')).toHaveStatus(401);
    expect(await client.get(`/v1/leads/a@x.example/consents/${consents[0]!.id}`)).toHaveStatus(401);
    expect(await client.post('/v1/leads/a@x.example/consents', word)).toHaveStatus(401);
  }
});
