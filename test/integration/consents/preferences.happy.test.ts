import { expect, test } from 'vitest';
import { noteConsents } from '../../../db/consents.ts';
import { queueSends } from '../../../db/sends.ts';
import { signLink } from '../../../messaging/links.ts';
import { deliveryOver, ledgerOf, notingTransport, SECRET } from '../../support/delivery.ts';
import { workspace } from '../../support/workspace.ts';

const topics = {
  languages: ['en', 'de'],
  topics: [
    { key: 'letter', name: 'The letter', description: 'Once a month', basis: 'double-opt-in' },
    { key: 'tips', name: 'Tips', basis: 'legitimate-interest' },
  ],
};

/** A firm with one lead, and its page. */
async function firmWithReader() {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', documents: { topics: { default: topics } } });
  const { rows } = await firm.pool.query<{ id: string }>(`insert into lead (email) values ('mei@huadong.example') returning id`);
  const leadId = rows[0]!.id;
  const url = `/p/${signLink(SECRET, 'unsubscribe', { l: leadId, t: 'tips', s: null })}`;
  /** Everything that the page could have changed. */
  const all = async () => {
    const tables = await Promise.all(
      ['consent', 'consent_due', 'suppression', 'journal', 'event', 'send', 'wake', 'score_wake'].map((table) =>
        firm.pool.query(`select count(*)::int as n from ${table}`),
      ),
    );
    const lead = await firm.pool.query('select locale, untracked_at, paused_at, paused_until, updated_at from lead');
    return JSON.stringify([tables.map(({ rows: [row] }) => row), lead.rows]);
  };
  const save = (fields: Record<string, string>) =>
    firm.anyone.post(url, new URLSearchParams({ save: 'yes', 'shown.letter': 'yes', 'shown.tips': 'yes', tracked: 'yes', ...fields }));
  return { ...firm, leadId, url, all, save };
}

test('the page shows what holds; neither looking nor a POST that says nothing changes anything', async () => {
  const firm = await firmWithReader();
  const before = await firm.all();
  const page = await (await firm.anyone.get(firm.url)).text();
  expect(page).toContain('m•••@huadong.example');
  expect(page).toMatch(/name="topic\.tips"\s+value="yes"\s+checked/);
  expect(page).not.toMatch(/name="topic\.letter"\s+value="yes"\s+checked/);
  expect(page).toContain('lang="de"');
  for (const method of ['GET', 'HEAD', 'POST']) expect(await firm.anyone.request(firm.url, { method })).toHaveStatus(200);
  expect(await firm.anyone.post(firm.url, new URLSearchParams({ leave: 'yes', 'List-Unsubscribe': 'One-Click' }))).toHaveStatus(200);
  expect(await firm.all()).toBe(before);
});

test('topics on and off, a pause, a language, no tracking: each takes effect, is proved, and a second time changes nothing', async () => {
  const firm = await firmWithReader();
  const wish = { 'topic.letter': 'yes', pause: '30', language: 'de', tracked: '' };
  const answer = await firm.save(wish);
  expect(answer).toHaveStatus(200);
  expect(await answer.text()).toContain('Paused until 1 April 2026');
  const { rows } = await firm.pool.query('select topic, state, source, basis, proof from consent order by topic');
  expect(rows).toEqual([
    {
      topic: 'letter',
      state: 'granted',
      source: 'preferences',
      basis: 'confirmed',
      proof: { send: null, ip: 'unknown', userAgent: expect.any(String) },
    },
    {
      topic: 'tips',
      state: 'withdrawn',
      source: 'preferences',
      basis: null,
      proof: { send: null, ip: 'unknown', userAgent: expect.any(String) },
    },
  ]);
  const lead = (await (await firm.get(`/v1/leads/${firm.leadId}`)).json()) as object;
  expect(lead).toMatchObject({
    locale: 'de',
    pausedUntil: '2026-04-01T09:00:00.000Z',
    untrackedAt: '2026-03-02T09:00:00.000Z',
    consents: [
      { topic: 'letter', state: 'granted' },
      { topic: 'tips', state: 'withdrawn' },
    ],
  });
  await firm.save({ ...wish, pause: 'keep' });
  expect((await firm.pool.query('select from consent')).rowCount).toBe(2);
  // The language is their own fact: others are told of it as of any.
  const { rows: told } = await firm.pool.query(`select because from journal where kind = 'lead_told'`);
  expect(told).toEqual([{ because: { fields: ['locale'] } }]);

  await firm.save({ 'topic.letter': 'yes', 'topic.tips': 'yes', pause: 'none', language: 'xx' });
  const after = (await (await firm.get(`/v1/leads/${firm.leadId}`)).json()) as object;
  expect(after).toMatchObject({ locale: 'de', pausedAt: null, untrackedAt: null, consents: [{ state: 'granted' }, { state: 'granted' }] });
});

test('leaving everything holds for every topic; coming back brings what is ticked, and no more', async () => {
  const firm = await firmWithReader();
  await noteConsents(firm.pool, 'api', [{ leadId: firm.leadId, topic: 'letter', granted: true, proof: {} }]);
  expect(await (await firm.save({ leave: 'yes', 'topic.letter': 'yes', 'topic.tips': 'yes' })).text()).toMatch(
    /name="leave"\s+value="yes"\s+checked/,
  );
  const delivery = await deliveryOver(firm.pool, notingTransport());
  const mail = async (n: number) => {
    const of = (topic: string) => ({
      sendKey: `${n}/${topic}`,
      class: 'marketing' as const,
      topic,
      leadId: firm.leadId,
      template: 'form-confirmation',
    });
    await queueSends(firm.pool, [of('letter'), of('tips')]);
    await delivery.deliver({ lane: 'marketing' });
    return ledgerOf(firm.pool);
  };
  expect(await mail(1)).toMatchObject({ '1/letter': 'suppressed: unsubscribed', '1/tips': 'suppressed: unsubscribed' });
  await firm.save({ 'topic.letter': 'yes' });
  expect(await mail(2)).toMatchObject({ '2/letter': 'accepted', '2/tips': 'suppressed: consent_withdrawn' });
  expect((await firm.pool.query(`select kind from journal where kind like '%subscribed' order by at, id`)).rows).toEqual([
    { kind: 'unsubscribed' },
    { kind: 'resubscribed' },
  ]);
});

test('a topic that was not on the page is not spoken of', async () => {
  const firm = await firmWithReader();
  expect(await firm.anyone.post(firm.url, new URLSearchParams({ save: 'yes', 'shown.letter': 'yes', tracked: 'yes' }))).toHaveStatus(200);
  expect((await firm.pool.query('select from consent')).rowCount).toBe(0);
});
