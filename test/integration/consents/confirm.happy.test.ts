import { expect, test } from 'vitest';
import { lookAtConsents } from '../../../db/consent-looks.ts';
import { inTransaction } from '../../../db/pool.ts';
import { queueSends } from '../../../db/sends.ts';
import { suppress } from '../../../db/suppressions.ts';
import { deliveryOver, ledgerOf, notingTransport } from '../../support/delivery.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const documents = (confirm: object = {}) => ({
  topics: {
    default: {
      topics: [
        {
          key: 'letter',
          name: 'The letter',
          description: 'Once a month',
          basis: 'double-opt-in',
          texts: { v1: 'Yes, send me the letter.' },
          confirm,
        },
        { key: 'tips', name: 'Tips', basis: 'legitimate-interest' },
      ],
    },
  },
  form: { letter: { key: 'letter', name: 'Letter', purpose: 'newsletter', consent: { topic: 'letter', textVersion: 'v1' } } },
});
const who = 'mei@huadong.example';

/** A firm whose mail goes nowhere: `deliver` sends what is queued, `links` are the confirmation links that left. */
async function firmThatAsks(confirm: object = {}) {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', documents: documents(confirm) });
  const { transport, sent } = notingTransport();
  const delivery = await deliveryOver(firm.pool, { transport });
  return {
    ...firm,
    sent,
    ask: (n = 0) => firm.anyone.post('/f/letter', { email: who, n }),
    deliver: async () => {
      await delivery.deliver({ lane: 'transactional' });
      await delivery.deliver({ lane: 'marketing' });
    },
    links: () => sent.flatMap(({ text }) => /http:\/\/tendril\.test(\/confirm\/\S+?)\)?\s/.exec(text)?.[1] ?? []),
    look: () => inTransaction(firm.pool, lookAtConsents),
    states: async () =>
      (await firm.pool.query<{ state: string }>(`select state from consent where topic = 'letter' order by id`)).rows.map(
        ({ state }) => state,
      ),
  };
}

async function leadOf(firm: Workspace): Promise<string> {
  return (await firm.pool.query<{ id: string }>('select id from lead where email = $1', [who])).rows[0]!.id;
}

const yes = new URLSearchParams({ confirm: 'yes' });

test('a subscription is pending until its reader presses the button: refused until then, proved afterwards, once', async () => {
  const firm = await firmThatAsks();
  expect(await firm.ask()).toHaveStatus(202);
  await firm.deliver();
  expect(firm.sent.map(({ subject, to }) => [subject, to.address])).toEqual([['please confirm The letter', who]]);
  const leadId = await leadOf(firm);
  await queueSends(firm.pool, [{ sendKey: 'too early', class: 'marketing', topic: 'letter', leadId, template: 'form-confirmation' }]);
  await firm.deliver();
  expect(await ledgerOf(firm.pool)).toMatchObject({ 'too early': 'suppressed: consent_pending' });

  const [link] = firm.links();
  const page = await firm.anyone.get(link!);
  expect(page).toHaveStatus(200);
  expect(await page.text()).toContain('Do you want The letter');
  expect(await firm.anyone.request(link!, { method: 'HEAD' })).toHaveStatus(200);
  expect(await firm.anyone.post(link!)).toHaveStatus(200);
  expect(await firm.states()).toEqual(['pending']);

  await firm.jump('2h');
  for (let times = 0; times < 2; times++) {
    const done = await firm.anyone.post(link!, yes, { 'user-agent': 'Reader/1' });
    expect(done).toHaveStatus(200);
    expect(await done.text()).toContain('Thank you');
  }
  expect(await firm.states()).toEqual(['pending', 'granted']);
  expect((await firm.pool.query(`select properties from event where name = 'subscription_confirmed'`)).rows).toEqual([
    { properties: { topic: 'letter', text_version: 'v1' } },
  ]);
  await queueSends(firm.pool, [{ sendKey: 'now', class: 'marketing', topic: 'letter', leadId, template: 'form-confirmation' }]);
  await firm.deliver();
  expect(await ledgerOf(firm.pool)).toMatchObject({ now: 'accepted' });

  const { topics, items } = (await (await firm.get(`/v1/leads/${who}/consents`)).json()) as {
    topics: object[];
    items: { id: string; state: string }[];
  };
  expect(topics).toMatchObject([
    {
      topic: 'letter',
      legalBasis: 'double-opt-in',
      state: 'granted',
      basis: 'confirmed',
      mayMail: true,
      since: '2026-03-02T11:00:00.000Z',
    },
    { topic: 'tips', state: null, mayMail: true },
  ]);
  const proof = await (await firm.get(`/v1/leads/${who}/consents/${items[0]!.id}`)).json();
  expect(proof).toMatchObject({
    state: 'granted',
    source: 'confirmation',
    textVersion: 'v1',
    text: 'Yes, send me the letter.',
    proof: { userAgent: 'Reader/1', ip: 'unknown', consent: items[1]!.id, asked: { form: 'letter', submission: expect.any(String) } },
  });
});

test('asking again mails no oftener than the topic says; one reminder, and never more than so many', async () => {
  const firm = await firmThatAsks({ again: '1d', most: 3, reminder: '3d' });
  for (let n = 0; n < 3; n++) await firm.ask(n);
  await firm.deliver();
  expect(firm.sent).toHaveLength(1);
  await firm.jump('25h');
  await firm.ask(3);
  await firm.deliver();
  expect(firm.sent).toHaveLength(2);
  await firm.jump('2d');
  await firm.look();
  await firm.look();
  await firm.deliver();
  expect(firm.sent.map(({ subject }) => subject)).toEqual([
    'please confirm The letter',
    'please confirm The letter',
    'Still waiting for you: please confirm The letter',
  ]);
  await firm.jump('2d');
  await firm.ask(4);
  await firm.look();
  await firm.deliver();
  expect(firm.sent).toHaveLength(3);
  expect(new Set(await firm.states())).toEqual(new Set(['pending']));
});

test('the reminder comes once, with a link of its own; the link dies in its time', async () => {
  const firm = await firmThatAsks({ reminder: '3d', within: '7d' });
  await firm.ask();
  await firm.deliver();
  await firm.jump('3d');
  await firm.look();
  await firm.deliver();
  await firm.jump('2d');
  await firm.look();
  await firm.deliver();
  expect(firm.sent.map(({ subject }) => subject)).toEqual([
    'please confirm The letter',
    'Still waiting for you: please confirm The letter',
  ]);
  const [first, second] = firm.links();
  await firm.jump('49h');
  expect(await firm.anyone.get(first!)).toHaveStatus(410);
  expect(await firm.anyone.post(first!, yes)).toHaveStatus(410);
  expect(await firm.anyone.post(second!, yes)).toHaveStatus(200);
  expect(await firm.states()).toEqual(['pending', 'granted']);
});

test('who took it back after the mail is not signed up by it; who had left everything comes back to this topic alone', async () => {
  const firm = await firmThatAsks();
  await firm.ask();
  await firm.deliver();
  const leadId = await leadOf(firm);
  expect(await firm.post(`/v1/leads/${who}/consents`, { topic: 'letter', granted: false })).toHaveStatus(200);
  const [link] = firm.links();
  const refused = await firm.anyone.post(link!, yes);
  expect(refused).toHaveStatus(409);
  expect(await refused.text()).toContain('unsubscribed since');
  expect(await firm.states()).toEqual(['pending', 'withdrawn']);

  await suppress(firm.pool, [{ address: who, kind: 'unsubscribe', scope: 'marketing', source: 'page' }]);
  await firm.jump('2d');
  await firm.ask(1);
  await firm.deliver();
  expect(await firm.anyone.post(firm.links()[1]!, yes)).toHaveStatus(200);
  await queueSends(firm.pool, [
    { sendKey: 'letter', class: 'marketing', topic: 'letter', leadId, template: 'form-confirmation' },
    { sendKey: 'tips', class: 'marketing', topic: 'tips', leadId, template: 'form-confirmation' },
  ]);
  await firm.deliver();
  expect(await ledgerOf(firm.pool)).toMatchObject({ letter: 'accepted', tips: 'suppressed: consent_withdrawn' });
});

test('a form may ask to confirm though its topic would not', async () => {
  const firm = await workspace({
    documents: {
      topics: { default: { topics: [{ key: 'tips', name: 'Tips' }] } },
      form: { tips: { key: 'tips', name: 'Tips', purpose: 'newsletter', consent: { topic: 'tips', textVersion: '1', confirm: true } } },
    },
  });
  expect(await firm.anyone.post('/f/tips', { email: who })).toHaveStatus(202);
  expect((await firm.pool.query('select state from consent')).rows).toEqual([{ state: 'pending' }]);
  expect((await firm.pool.query('select template, class from send')).rows).toEqual([
    { template: 'confirm-subscription', class: 'transactional' },
  ]);
});

test('somebody else’s form neither lifts nor prolongs what the reader has confirmed, and says no more than it was asked', async () => {
  const firm = await firmThatAsks();
  await firm.ask();
  await firm.deliver();
  await firm.anyone.post(firm.links()[0]!, yes);
  await firm.jump('10d');
  await firm.ask(1);
  await firm.deliver();
  expect(firm.sent).toHaveLength(1);
  expect(await firm.states()).toEqual(['pending', 'granted', 'granted']);
});
