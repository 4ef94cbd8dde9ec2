import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { expect, onTestFinished, test } from 'vitest';
import { checkOneClick } from '../../../../messaging/checks/one-click.ts';
import { checkRelay } from '../../../../messaging/checks/relay.ts';

async function relay(options: SMTPServerOptions): Promise<number> {
  const server = new SMTPServer({ ...options, logger: false });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
  return (server.server.address() as AddressInfo).port;
}

test('a relay is found with or without TLS; one whose certificate does not hold, or that is not there, cannot be used', async () => {
  const plain = await relay({ disabledCommands: ['STARTTLS'] });
  expect(await checkRelay(new URL(`smtp://127.0.0.1:${plain}`))).toMatchObject({
    level: 'info',
    text: expect.stringContaining('without TLS, on this machine'),
  });
  const selfSigned = await relay({});
  expect(await checkRelay(new URL(`smtp://127.0.0.1:${selfSigned}`))).toMatchObject({
    level: 'error',
    mend: 'give it a certificate that holds for its name',
  });
  expect(await checkRelay(new URL('smtp://127.0.0.1:9'))).toMatchObject({ level: 'error', mend: expect.stringContaining('SMTP_URL') });
});

test('marketing mails can be left with one click, by https, and by a link in the text', () => {
  const mail = (url: string, html = '<a href="https://t.example/u/x">out</a>') => ({
    headers: { 'List-Unsubscribe': `<${url}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    html,
  });
  const levels = (...mails: Parameters<typeof checkOneClick>[0]) => checkOneClick(mails).map((one) => one.level);
  expect(levels()).toEqual(['info']);
  expect(levels(mail('https://t.example/u/x'), mail('https://t.example/u/y'))).toEqual(['ok']);
  expect(levels(mail('http://t.example/u/x'))).toEqual(['error']);
  expect(levels({ headers: {}, html: '' })).toEqual(['error']);
  expect(levels(mail('https://t.example/u/x', 'no way out'))).toEqual(['ok', 'warn']);
});
