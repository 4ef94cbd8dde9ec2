import { expect, test } from 'vitest';
import { putDocument } from '../../../db/documents.ts';
import { queueSends } from '../../../db/sends.ts';
import { signLink } from '../../../messaging/links.ts';
import { deliveryOver, leadWithMail, ledgerOf, notingTransport, SECRET } from '../../support/delivery.ts';
import { workspace } from '../../support/workspace.ts';

test('a mail’s own link shows a page, and only its button unsubscribes: from the topic, at once, once', async () => {
  const firm = await workspace();
  await putDocument(firm.pool, 'topics', 'default', { topics: [{ key: 'news', name: 'Product news', basis: 'legitimate-interest' }] });
  const leadId = await leadWithMail(firm.pool, 'mei@huadong.example');
  const { transport, sent } = notingTransport();
  const delivery = await deliveryOver(firm.pool, { transport });
  await delivery.deliver({ lane: 'marketing' });
  expect(sent[0]!.headers).toMatchObject({ 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' });
  const url = /^<(.*)>$/.exec(sent[0]!.headers['List-Unsubscribe']!)![1]!;
  expect(sent[0]!.html).toContain(url);

  const page = await firm.anyone.get(url);
  expect(page).toHaveStatus(200);
  const shown = await page.text();
  expect(shown).toContain('m•••@huadong.example');
  expect(shown).toContain('Product news');
  expect(await firm.anyone.request(url, { method: 'HEAD' })).toHaveStatus(200);
  expect((await firm.pool.query('select from consent')).rowCount).toBe(0);

  for (let times = 0; times < 2; times++) {
    const done = await firm.anyone.post(url, new URLSearchParams({ what: 'topic' }));
    expect(done).toHaveStatus(200);
    expect(await done.text()).toContain('no more mail about Product news');
  }
  const { rows } = await firm.pool.query('select lead_id as lead, topic, granted, source from consent');
  expect(rows).toEqual([{ lead: leadId, topic: 'news', granted: false, source: 'page' }]);
  expect((await firm.pool.query(`select from journal where kind = 'unsubscribed'`)).rowCount).toBe(1);
  expect((await firm.pool.query('select from score_wake')).rowCount).toBe(1);

  await queueSends(firm.pool, [{ sendKey: 'second', class: 'marketing', topic: 'news', leadId, template: 'form-confirmation' }]);
  await delivery.deliver({ lane: 'marketing' });
  expect((await ledgerOf(firm.pool))['second']).toBe('suppressed: consent_withdrawn');
});

test('a mailbox’s one-click unsubscribes from the topic; the page’s other choice from all marketing', async () => {
  const firm = await workspace();
  const leadId = await leadWithMail(firm.pool, 'mei@huadong.example');
  const url = `/u/${signLink(SECRET, 'unsubscribe', { l: leadId, t: 'news', s: leadId })}`;
  expect(await firm.anyone.post(url, new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }))).toHaveStatus(200);
  expect((await firm.pool.query('select topic, source from consent')).rows).toEqual([{ topic: 'news', source: 'one-click' }]);
  expect((await firm.pool.query('select from suppression')).rowCount).toBe(0);
  expect(await firm.anyone.post(url, new URLSearchParams({ what: 'all' }))).toHaveStatus(200);
  expect((await firm.pool.query('select address, kind, scope from suppression')).rows).toEqual([
    { address: 'mei@huadong.example', kind: 'unsubscribe', scope: 'marketing' },
  ]);
});

test('one click as RFC 8058 has it: either kind of form, no cookie, no redirect; looking, or a POST that says nothing, changes nothing', async () => {
  const firm = await workspace();
  const leadId = await leadWithMail(firm.pool, 'mei@huadong.example');
  const url = `/u/${signLink(SECRET, 'unsubscribe', { l: leadId, t: 'news', s: leadId })}`;
  const words = async () => (await firm.pool.query('select from consent union all select from suppression')).rowCount;
  for (const method of ['GET', 'HEAD', 'POST']) expect(await firm.anyone.request(url, { method })).toHaveStatus(200);
  expect(await firm.anyone.post(url, new URLSearchParams({ url: 'https://scanner.example' }))).toHaveStatus(200);
  expect(await words()).toBe(0);

  const form = new FormData();
  form.set('List-Unsubscribe', 'One-Click');
  const answer = await firm.fetch(new Request(`http://tendril.test${url}`, { method: 'POST', body: form }));
  expect(answer.status).toBe(200);
  expect(answer.headers.get('set-cookie')).toBeNull();
  expect(await words()).toBe(1);
  expect((await firm.pool.query(`select properties from event where name = 'unsubscribed'`)).rows).toEqual([
    { properties: { topic: 'news' } },
  ]);
});
