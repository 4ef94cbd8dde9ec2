import { expect, test } from 'vitest';
import { createTrackedLinks } from '../../../messaging/tracked-links.ts';
import { putDocument } from '../../../db/documents.ts';
import { storeLinks } from '../../../db/links.ts';
import { shippedTemplates } from '../../../runtime/templates.ts';
import { deliveryOver, leadWithMail, notingTransport, SECRET } from '../../support/delivery.ts';
import { FIREFOX, trackedMail } from '../../support/hits.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const publicUrl = 'http://tendril.test';

/** What leaves to whoever is written to, by address. */
async function leaving(firm: Workspace) {
  const { transport, sent } = notingTransport();
  const delivery = await deliveryOver(firm.pool, {
    transport,
    rendering: {
      templates: await shippedTemplates('test/fixtures/templates'),
      trackedLinks: createTrackedLinks({ secret: SECRET, publicUrl, hiddenLink: true, store: (links) => storeLinks(firm.pool, links) }),
      secret: SECRET,
      publicUrl,
      from: { name: 'Firm', address: 'hello@firm.example' },
    },
  });
  return {
    async send(email: string, mail: Parameters<typeof leadWithMail>[2] = {}): Promise<{ html: string; text: string }> {
      await leadWithMail(firm.pool, email, { template: 'welcome', ...mail });
      await delivery.deliver({ lane: mail.class ?? 'marketing' });
      return sent.find((one) => one.to.address === email)!;
    },
  };
}

const marks = (html: string) => ({
  short: [...html.matchAll(/href="http:\/\/tendril\.test(\/c\/[\w-]{45})"/g)].map(([, path]) => path!),
  pictures: [...html.matchAll(/<img src="http:\/\/tendril\.test(\/i\/[\w-]{33}\.gif)"/g)].map(([, path]) => path!),
  own: html.includes('href="https://ostara.example/welcome"'),
});

test('a marketing mail has short links, the same in its text, a picture and a link that nobody sees; its link is stored once', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z' });
  const mails = await leaving(firm);
  const { html, text } = await mails.send('mei@huadong.example');
  const { short, pictures, own } = marks(html);
  expect([short.length, pictures.length, own]).toEqual([2, 1, false]);
  expect(text).toContain(`http://tendril.test${short[0]}`);
  expect(text).not.toContain(short[1]);
  expect(html).toMatch(/aria-hidden="true" style="display:none[^"]*"><\/a><img [^>]*alt=""[^>]*><\/body>/);
  expect((await firm.anyone.get(short[0]!, FIREFOX)).headers.get('location')).toBe('https://ostara.example/welcome');
  expect(await firm.anyone.get(short[1]!, FIREFOX)).toHaveStatus(200);
  expect(await firm.anyone.get(pictures[0]!, FIREFOX)).toHaveStatus(200);
  await mails.send('ana@huadong.example');
  expect((await firm.pool.query('select name, url from link')).rows).toEqual([
    { name: 'https://ostara.example/welcome', url: 'https://ostara.example/welcome' },
  ]);
  // A confirmation's links are counted, and it has nothing hidden.
  const confirmation = await mails.send('li@huadong.example', { class: 'transactional', topic: null });
  expect(marks(confirmation.html)).toMatchObject({ short: [expect.any(String)], pictures: [] });
});

test('tracking is off for the workspace, or without the picture: the links are the author’s own', async () => {
  const firm = await workspace();
  const mails = await leaving(firm);
  const say = (tracking: string) => putDocument(firm.pool, 'sending', 'default', { tracking });
  await say('clicks');
  expect(marks((await mails.send('a@x.example')).html)).toMatchObject({ pictures: [], own: false });
  await say('off');
  expect(marks((await mails.send('b@x.example')).html)).toEqual({ short: [], pictures: [], own: true });
  // What has left before leads on, and nothing is noted.
  const earlier = await trackedMail(firm.pool, 'c@x.example');
  expect(await firm.anyone.get(earlier.link('study'), FIREFOX)).toHaveStatus(302);
  expect(await firm.anyone.get(earlier.picture, FIREFOX)).toHaveStatus(200);
  expect(await earlier.hits()).toEqual([]);
  await say('on');
  await firm.anyone.get(earlier.link('study'), FIREFOX);
  expect(await earlier.hits()).toEqual(['study undecided']);
});

test('one campaign, one person may be left alone', async () => {
  const firm = await workspace();
  const mails = await leaving(firm);
  const { rows } = await firm.pool.query<{ id: string }>(
    `with c as (insert into campaign (key, name, state) values ('quiet', 'Quiet', 'live') returning id),
          v as (insert into campaign_version (campaign_id, number, body) select id, 1, '{"sending": {"tracking": "off"}}' from c returning id, campaign_id)
     select campaign_id as id, id as version from v`,
  );
  await firm.pool.query('update campaign set live_version_id = (select id from campaign_version)');
  expect(marks((await mails.send('a@x.example', { campaignId: rows[0]!.id })).html)).toEqual({ short: [], pictures: [], own: true });

  const mail = await trackedMail(firm.pool, 'mei@huadong.example');
  await firm.anyone.get(mail.link('study'), FIREFOX);
  const off = await firm.put('/v1/leads/mei@huadong.example/tracking', { tracked: false });
  expect(await off.json()).toMatchObject({ untrackedAt: expect.any(String) });
  await firm.anyone.get(mail.link('study'), FIREFOX);
  expect(await mail.hits(), 'what was undecided is forgotten').toEqual([]);
  expect(await firm.put('/v1/leads/mei@huadong.example/tracking', { tracked: true })).toHaveStatus(200);
  const { items } = (await (await firm.get('/v1/leads/mei@huadong.example/why')).json()) as { items: { words: string }[] };
  expect(items.map(({ words }) => words)).toEqual([
    'Clicks and opens of this person are noted again',
    'Clicks and opens of this person are not noted any more',
  ]);
  expect(await firm.put('/v1/leads/nobody@x.example/tracking', { tracked: true })).toHaveStatus(404);
  expect(await firm.put('/v1/leads/mei@huadong.example/tracking', { tracked: 'no' })).toHaveStatus(422);
  expect(await firm.anyone.put('/v1/leads/mei@huadong.example/tracking', { tracked: true })).toHaveStatus(401);
  const reader = firm.with(await firm.newKey('read'));
  expect(await reader.put('/v1/leads/mei@huadong.example/tracking', { tracked: true })).toHaveStatus(403);
});
