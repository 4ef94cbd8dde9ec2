import { expect, onTestFinished, test } from 'vitest';
import { sendgridEnv, startFakeSendgrid } from '../../support/fake-sendgrid.ts';
import { workspace } from '../../support/workspace.ts';

const bounce = [{ email: 'ceo@x.example', event: 'bounce', type: 'bounce', sg_event_id: 'e1', timestamp: 1 }];

test('only what SendGrid signed is heard: forged, changed, stale or unsigned it is refused before it is read', async () => {
  const fake = await startFakeSendgrid();
  const stranger = await startFakeSendgrid();
  onTestFinished(async () => {
    await fake.close();
    await stranger.close();
  });
  const firm = await workspace({ env: sendgridEnv(fake) });
  const post = (body: string, headers: Record<string, string>) => firm.anyone.post('/hooks/sendgrid/events', body, headers);
  const good = fake.batch(bounce);
  const seconds = (ago: number) => String(Math.floor(Date.now() / 1000) - ago);

  expect(await post(good.body, {})).toHaveStatus(401);
  expect(await post(good.body, stranger.batch(bounce).headers)).toHaveStatus(401);
  expect(await post(good.body.trimEnd(), good.headers), 'a byte less').toHaveStatus(401);
  expect(await post(good.body.replace('ceo', 'cfo'), good.headers)).toHaveStatus(401);
  for (const [name, value] of [
    ['x-twilio-email-event-webhook-timestamp', String(Number(good.headers['x-twilio-email-event-webhook-timestamp']) - 1)],
    ['x-twilio-email-event-webhook-timestamp', ''],
    ['x-twilio-email-event-webhook-signature', ''],
    ['x-twilio-email-event-webhook-signature', 'AAAA'],
    ['x-twilio-email-event-webhook-signature', 'not base64 at all ☃'.replace('☃', '')],
  ] as const)
    expect(await post(good.body, { ...good.headers, [name]: value }), `${name}: ${value}`).toHaveStatus(401);
  const stale = fake.batch(bounce, seconds(26 * 3600));
  expect(await post(stale.body, stale.headers), 'signed yesterday').toHaveStatus(401);
  expect(await post('not json', {}), 'unsigned and malformed').toHaveStatus(401);
  expect(await post(good.body, { ...good.headers, authorization: `Bearer ${firm.adminKey}` }), 'a key changes nothing').toHaveStatus(200);

  const again = fake.batch(bounce, seconds(3600));
  expect(await (await post(again.body, again.headers)).json(), 'a replay changes nothing').toEqual({ fresh: 0, known: 1, ignored: 0 });
  expect((await firm.pool.query('select address from suppression')).rows).toEqual([{ address: 'ceo@x.example' }]);
});

test('without a key nothing is let in, and a wrong one is no setting', async () => {
  const fake = await startFakeSendgrid();
  onTestFinished(() => fake.close());
  const firm = await workspace();
  const { body, headers } = fake.batch(bounce);
  expect(await firm.anyone.post('/hooks/sendgrid/events', body, headers)).toHaveStatus(401);
  await expect(workspace({ env: { SENDGRID_WEBHOOK_KEY: 'secret' } })).rejects.toThrow('SENDGRID_WEBHOOK_KEY');
  await expect(workspace({ env: { MAIL_TRANSPORT_MARKETING: 'sendgrid' } })).rejects.toThrow('SENDGRID_API_KEY');
});
