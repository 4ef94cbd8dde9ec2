import { expect, test } from 'vitest';
import { parseSecrets, signatureHeaders, workspaceSecret } from '../../../../messaging/webhooks/sign.ts';

test('the signature is that of the Standard Webhooks specification’s own example', () => {
  const headers = signatureHeaders(
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    new Date(1_614_265_330_000),
    '{"test": 2432232314}',
  );
  expect(headers).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  });
});

test('two secrets sign while one takes the other’s place; a host may have its own', () => {
  const secrets = parseSecrets('crm.firm.example=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw whsec_AAECAwQFBgcICQoLDA0ODw==');
  expect(signatureHeaders(secrets.get('crm.firm.example')!, 'a', new Date(0), '{}')['webhook-signature']).toMatch(/^v1,\S+ v1,\S+$/);
  expect(workspaceSecret('one')).not.toBe(workspaceSecret('other'));
  expect(parseSecrets('').size).toBe(0);
  expect(() => parseSecrets('crm.firm.example=hunter2')).toThrow("WEBHOOK_SECRETS: the entry of 'crm.firm.example'");
});
