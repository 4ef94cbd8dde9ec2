import PostalMime from 'postal-mime';
import { afterEach, expect, test, vi } from 'vitest';
import { takeApart } from '../../../../messaging/inbound/mime.ts';

const LINES = 20_000;
const many = (line: string): string => `${line}\r\n`.repeat(LINES);
const head = 'From: mei@aurora-mills.example\r\nTo: reply@ostara.example\r\nSubject: Re: pumps\r\n';

afterEach(() => vi.unstubAllGlobals());

test('a mail of very many lines is what it is, and its lines do not become an object each', async () => {
  const raw = Buffer.from(
    [
      `${head}Content-Type: multipart/mixed; boundary=b\r\n`,
      `--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${many('six pumps, für Halle 3')}`,
      `--b\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n${many('six=20pumps')}`,
      `--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=a.pdf\r\n\r\n${many('QUJD'.repeat(19))}`,
      `--b\r\nContent-Type: message/rfc822\r\n\r\n${head}\r\n${many('')}the end`,
      '--b--\r\n',
    ].join('\r\n'),
  );
  const wanted = await PostalMime.parse(raw, { forceRfc822Attachments: true });
  let most = 0;
  vi.stubGlobal(
    'Blob',
    class extends Blob {
      constructor(...[parts, options]: ConstructorParameters<typeof Blob>) {
        super(parts, options);
        most = Math.max(most, [...parts].length);
      }
    },
  );
  expect(await takeApart(raw, { forceRfc822Attachments: true })).toEqual(wanted);
  expect(wanted.text!.length).toBeGreaterThan(2 * LINES);
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThan(LINES / 2);
});

test('what is nested beyond all measure is refused', async () => {
  const parts = Array.from({ length: 60 }, (_, n) => `--b${n}\r\nContent-Type: multipart/mixed; boundary=b${n + 1}\r\n\r\n`);
  await expect(takeApart(`${head}Content-Type: multipart/mixed; boundary=b0\r\n\r\n${parts.join('')}`)).rejects.toThrow('nesting depth');
});
