import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkUrl, guardedLookup, isPublic, parseAllowed } from '../../../../messaging/webhooks/guard.ts';

const none = parseAllowed('');
const refused = (url: string, allow = '', httpsOnly = false) => {
  try {
    checkUrl(new URL(url), parseAllowed(allow), { httpsOnly });
    return null;
  } catch (error) {
    return (error as Error).message;
  }
};

describe('whom a webhook may call', () => {
  test.each(
    `http://127.0.0.1/ http://127.1/ http://2130706433/ http://0x7f.0.0.1/ http://0177.0.0.1/ http://0.0.0.0/ http://10.1.2.3/ http://172.31.0.1/ http://192.168.1.1/ http://100.64.0.1/ http://169.254.169.254/latest/meta-data http://[::1]/ http://[::]/ http://[::ffff:127.0.0.1]/ http://[::ffff:a9fe:a9fe]/ http://[::127.0.0.1]/ http://[fe80::1]/ http://[fd00:ec2::254]/ http://[64:ff9b::7f00:1]/ http://[2002:7f00:1::]/ http://[ff02::1]/ http://224.0.0.1/ http://255.255.255.255/ http://192.0.2.1/`.split(
      ' ',
    ),
  )('not %s', (url) => {
    expect(refused(url)).toBe('the address is private or reserved');
  });

  test('public ones, and what the settings list', () => {
    for (const url of [
      'https://93.184.216.34/',
      'https://[2606:2800:220:1::1]/',
      'https://[::ffff:5db8:d822]/',
      'https://crm.firm.example/',
    ])
      expect(refused(url)).toBeNull();
    expect(refused('http://10.1.2.3/', '10.1.0.0/16, crm.internal')).toBeNull();
    expect(refused('http://10.2.2.3/', '10.1.0.0/16')).not.toBeNull();
    expect(refused('http://[fd00::1]/', 'fd00::/8')).toBeNull();
    expect(() => parseAllowed('10.1.0.0/16, *')).toThrow("WEBHOOK_ALLOW: '*'");
  });

  test('production insists on https; other schemes are nobody’s', () => {
    expect(refused('http://93.184.216.34/', '', true)).toBe('only https is allowed here');
    expect(refused('https://93.184.216.34/', '', true)).toBeNull();
    expect(refused('file:///etc/passwd')).toBe('only https is allowed here');
  });

  test('an IPv4 address is judged alike, written as it is or inside an IPv6 one', () => {
    fc.assert(
      fc.property(fc.ipV4(), (ip) => {
        expect(isPublic(`::ffff:${ip}`)).toBe(isPublic(ip));
      }),
      { numRuns: 300 },
    );
  });

  test('a name is looked at when it is resolved, for the very connection', async () => {
    const look = (name: string, allow = '') =>
      new Promise((resolve) => {
        guardedLookup(parseAllowed(allow))(name, { all: true }, (error, addresses) => resolve(error ? error.message : addresses));
      });
    expect(await look('localhost')).toBe('the address is private or reserved');
    expect(await look('localhost', 'localhost')).toEqual(
      expect.arrayContaining([expect.objectContaining({ address: expect.any(String) })]),
    );
    expect(none.host('localhost')).toBe(false);
  });
});
