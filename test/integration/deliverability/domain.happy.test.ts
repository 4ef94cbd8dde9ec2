import { onTestFinished, expect, test } from 'vitest';
import { queueSends } from '../../../db/sends.ts';
import { tendril } from '../../support/cli.ts';
import { startDns } from '../../support/dns.ts';
import { addPerson } from '../../support/ground.ts';
import { workspace } from '../../support/workspace.ts';

test('a domain is checked by the DNS and by what was mailed last; paused, its marketing waits, and goes when it is resumed', async () => {
  const { server, close } = await startDns({
    'firm.example': { TXT: ['v=spf1 ~all'], MX: ['10 mx.firm.example'] },
    '_dmarc.firm.example': { TXT: ['v=DMARC1; p=reject; rua=mailto:d@firm.example'] },
    'tendril.firm.example': { A: ['192.0.2.1'] },
  });
  onTestFinished(close);
  const firm = await workspace({
    env: { MAIL_FROM: 'Firm <hello@firm.example>', PUBLIC_URL: 'https://tendril.firm.example', DNS_SERVERS: server },
    documents: { deliverability: { default: { domains: { 'firm.example': { dkim: ['k9'] } } } } },
  });
  expect(await firm.post('/v1/deliverability/domains/firm.example/pause', { reason: 'a wrong list' })).toHaveStatus(204);
  await firm.startWorker();
  await addPerson(firm.pool, 'mei@huadong.example');
  const { rows } = await firm.pool.query<{ id: string }>('select id from lead');
  await queueSends(firm.pool, [{ sendKey: 'one', class: 'marketing', leadId: rows[0]!.id, template: 'form-confirmation' }]);
  firm.poke({ kind: 'delivery', lane: 'marketing' });
  await expect
    .poll(async () => (await firm.pool.query('select state, reason from send')).rows, { timeout: 20_000 })
    .toEqual([{ state: 'queued', reason: 'held: domain_paused' }]);

  expect(await firm.post('/v1/deliverability/domains/firm.example/resume')).toHaveStatus(204);
  await firm.settle();
  expect(await firm.outbox('mei@huadong.example')).toHaveLength(1);

  const answer = await firm.get('/v1/deliverability/domains/firm.example');
  expect(answer).toHaveStatus(200);
  const { items, errors } = (await answer.json()) as { errors: number; items: { check: string; level: string; text: string }[] };
  const told = items.map((one) => `${one.check} ${one.level}: ${one.text}`);
  expect(told).toContain('dkim error: no key under k9._domainkey');
  expect(told).toContain('one-click ok: the newest 1 marketing mails can be left with one click');
  expect(told).toContain('dmarc ok: _dmarc.firm.example: p=reject');
  expect(errors).toBe(1);

  const env = { TENDRIL_URL: await firm.listen(), TENDRIL_API_KEY: firm.adminKey };
  const checked = await tendril(['doctor', 'email', 'Firm.example', '--selector', 's1'], env);
  expect(checked).toMatchObject({ code: 1, err: '' });
  expect(checked.out).toContain('no key under s1._domainkey');
  const proved = await tendril(['doctor', '--grace', '600'], env);
  expect(proved.out + proved.err).toContain('0 violations');
});
