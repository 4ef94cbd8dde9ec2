import { type AddressInfo, createServer } from 'node:net';
import { onTestFinished, expect, test } from 'vitest';
import type { SendgridOptions } from '../../../messaging/transports/sendgrid.ts';
import { createSendgridTransport } from '../../../messaging/transports/sendgrid.ts';
import type { OutgoingMessage } from '../../../messaging/transports/transport.ts';
import { type FakeOptions, startFakeSendgrid } from '../../support/fake-sendgrid.ts';

const messages = (n: number, more: Partial<OutgoingMessage> = {}): OutgoingMessage[] =>
  Array.from({ length: n }, (_, i) => ({
    id: `id-${i}`,
    sendKey: `e${i}/welcome/1`,
    messageId: `<${i}@firm.example>`,
    from: { name: 'Zoë', address: 'hello@firm.example' },
    to: { name: 'Mei Lin', address: `lead${i}@x.example` },
    replyTo: { name: null, address: 'ana@firm.example' },
    subject: 'Grüße',
    html: '<p>你好</p>',
    text: '你好',
    headers: { 'X-Tendril-Send': `e${i}/welcome/1`, 'List-Unsubscribe': '<https://t.example/u/x>', 'X-Note': 'größer' },
    about: { lane: 'marketing', campaign: 'trial', step: 'welcome' },
    ...more,
  }));

function sending({ apiKey, url }: { apiKey: string; url: string }, more: Partial<SendgridOptions> = {}) {
  const transport = createSendgridTransport({
    apiKey,
    apiUrl: url,
    connections: 4,
    timeoutMs: 1_000,
    pools: { marketing: 'warm', transactional: null, internal: null, personal: null },
    sandbox: false,
    tracking: false,
    ...more,
  });
  onTestFinished(() => transport.close());
  return (given: OutgoingMessage[]) => transport.send(given);
}

async function fakeAnd(options: FakeOptions = {}, more: Partial<SendgridOptions> = {}) {
  const fake = await startFakeSendgrid(options);
  onTestFinished(() => fake.close());
  return { fake, send: sending(fake, more) };
}

test('a mail carries its send key, its campaign and step, its pool and its headers', async () => {
  const { fake, send } = await fakeAnd();
  const [outcome] = await send(messages(1));
  const [mail] = fake.taken;
  expect(outcome).toEqual({ kind: 'accepted', providerId: mail!.messageId });
  expect(mail!.body).toEqual({
    from: { email: 'hello@firm.example', name: 'Zoë' },
    reply_to: { email: 'ana@firm.example' },
    personalizations: [{ to: [{ email: 'lead0@x.example', name: 'Mei Lin' }] }],
    subject: 'Grüße',
    content: [
      { type: 'text/plain', value: '你好' },
      { type: 'text/html', value: '<p>你好</p>' },
    ],
    headers: {
      'Message-ID': '<0@firm.example>',
      'X-Tendril-Send': 'e0/welcome/1',
      'List-Unsubscribe': '<https://t.example/u/x>',
      'X-Note': 'größer',
    },
    custom_args: { tendril_send: 'e0/welcome/1' },
    categories: ['marketing', 'trial', 'trial/welcome'],
    ip_pool_name: 'warm',
    tracking_settings: {
      click_tracking: { enable: false, enable_text: false },
      open_tracking: { enable: false },
      subscription_tracking: { enable: false },
    },
  });
});

test('no value of a mail begins another line of its headers', async () => {
  const { fake, send } = await fakeAnd();
  const name = 'Mei\r\nBcc: all@firm.example';
  await send(messages(1, { to: { name, address: 'mei@x.example' }, subject: name, headers: { References: '<a>\r\nBcc: b@x.example' } }));
  expect(JSON.stringify(fake.taken[0]!.body)).toContain('Mei Bcc:');
  expect(JSON.stringify({ ...fake.taken[0]!.body, content: [] })).not.toMatch(/\\[rn]/);
});

test('a confirmation passes by SendGrid’s list of those who unsubscribed; the consent is looked after here', async () => {
  const { fake, send } = await fakeAnd();
  await send(messages(1, { about: { lane: 'transactional', campaign: null, step: null } }));
  expect(fake.taken[0]!.body).toMatchObject({
    categories: ['transactional'],
    mail_settings: { bypass_unsubscribe_management: { enable: true } },
  });
  expect(fake.taken[0]!.body.ip_pool_name).toBeUndefined();
});

test('each of many has its own outcome: what is wrong with one is wrong with it alone', async () => {
  const { send } = await fakeAnd({
    faultOf: ({ personalizations }) => (/lead[37]@/.test(personalizations[0]!.to[0]!.email) ? '400' : undefined),
  });
  const outcomes = await send(messages(10));
  expect(outcomes.map(({ kind }) => kind)).toEqual(Array.from({ length: 10 }, (_, i) => (i === 3 || i === 7 ? 'failed' : 'accepted')));
  expect(outcomes[3]).toEqual({
    kind: 'failed',
    reason: '400 Does not contain a valid address. (personalizations.0.to.0.email)',
    dead: false,
  });
});

test.each([
  ['seconds', '7', 7_000],
  ['a date', new Date(Date.now() + 60_000).toUTCString(), 60_000],
])('429 holds the lane for what Retry-After says, in %s; nothing more is begun', async (_, retryAfter, ms) => {
  const { fake, send } = await fakeAnd({ retryAfter, faultOf: () => '429' });
  const outcomes = await send(messages(50));
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['retry']));
  const [first] = outcomes as { lane: boolean; afterMs: number }[];
  expect(first!.lane).toBe(true);
  expect(Math.abs(first!.afterMs - ms)).toBeLessThan(5_000);
  expect(fake.requests()).toBeLessThanOrEqual(8);
  expect(fake.taken).toEqual([]);
});

test('500 holds the lane; what was taken before it stays taken', async () => {
  const { fake, send } = await fakeAnd({}, { connections: 1 });
  fake.script.push('slow', '500');
  const outcomes = await send(messages(4));
  expect(outcomes.map(({ kind }) => kind)).toEqual(['accepted', 'retry', 'retry', 'retry']);
  expect(fake.taken).toHaveLength(1);
});

test.each(['401', '403'] as const)('%s stops the lane with its reason, and nothing was taken', async (fault) => {
  const { fake, send } = await fakeAnd({ faultOf: () => fault });
  const outcomes = await send(messages(20));
  expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['stopped']));
  expect(outcomes[0]).toMatchObject({ reason: expect.stringContaining('does not let us send') as string });
  expect(fake.taken).toEqual([]);
});

test('a pool of addresses that does not exist is wrong in every mail: the lane stops, no mail fails for it', async () => {
  const { send } = await fakeAnd({}, { pools: { marketing: 'no such pool', transactional: null, internal: null, personal: null } });
  expect((await send(messages(2))).map(({ kind }) => kind)).toEqual(['stopped', 'stopped']);
});

test('another server at the address is a wrong setting, not a wrong mail', async () => {
  const { fake, send } = await fakeAnd();
  const elsewhere = sending({ ...fake, url: `${fake.url}/nowhere` });
  expect(await elsewhere(messages(1))).toEqual([{ kind: 'stopped', reason: expect.stringContaining('SENDGRID_API_URL') as string }]);
  expect((await send(messages(1)))[0]!.kind).toBe('accepted');
});

test('no answer after the request had gone out is unknown, whether the mail was taken or not', async () => {
  const { fake, send } = await fakeAnd({}, { connections: 1 });
  fake.script.push('reset after', 'slow', 'reset before', 'slow', 'hang', '504');
  const outcomes = await send(messages(6));
  expect(outcomes.map(({ kind }) => kind)).toEqual(['unknown', 'accepted', 'unknown', 'accepted', 'unknown', 'unknown']);
  expect(fake.taken.map(({ sendKey }) => sendKey[1])).toEqual(['0', '1', '3', '4']);
});

test('three silences in a row: the rest of the batch is not begun', async () => {
  const { fake, send } = await fakeAnd({ faultOf: () => 'reset before' }, { connections: 2 });
  const outcomes = await send(messages(30));
  expect(outcomes.filter(({ kind }) => kind === 'unknown').length).toBeLessThanOrEqual(4);
  expect(outcomes.at(-1)).toMatchObject({ kind: 'retry', lane: true, afterMs: 5_000 });
  expect(fake.requests()).toBeLessThanOrEqual(4);
});

test('a server that is not there has taken nothing', async () => {
  const gone = createServer();
  await new Promise<void>((resolve) => void gone.listen(0, '127.0.0.1', resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  expect(await sending({ apiKey: 'SG.any', url: `http://127.0.0.1:${port}` })(messages(1))).toEqual([
    { kind: 'retry', reason: expect.stringContaining('ECONNREFUSED') as string, lane: true, afterMs: 15_000 },
  ]);
});

test('a handshake that fails has handed nothing over', async () => {
  const { fake } = await fakeAnd();
  const send = sending({ ...fake, url: fake.url.replace('http:', 'https:') });
  expect((await send(messages(1)))[0]).toMatchObject({ kind: 'retry', lane: true });
});

test('in the sandbox a mail is checked and goes to nobody', async () => {
  const { fake, send } = await fakeAnd({}, { sandbox: true });
  expect(await send(messages(1))).toEqual([{ kind: 'accepted', providerId: null }]);
  expect(fake.taken).toEqual([]);
});
