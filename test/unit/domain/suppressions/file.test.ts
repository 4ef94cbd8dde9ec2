import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRow, understand } from '../../../../domain/suppressions/file.ts';

/** What the rows of a file come to. */
function read(file: string, kind: Parameters<typeof understand>[1] = null) {
  const [first, ...rows] = file.split('\n').map((line) => line.split(','));
  const understood = understand(first!, kind);
  if (!understood) return null;
  return {
    looksLike: understood.looksLike,
    rows: (understood.bare ? [first!, ...rows] : rows).map((cells) => readRow(understood, cells, null)),
  };
}

const barred = (address: string, kind: string, scope: string) => ({ address, kind, scope });

test.each<[string, string, string, object[]]>([
  [
    'our own export',
    'address,kind,scope,source,at\na@x.example,manual,all,api:1,2026',
    'an export of ours',
    [barred('a@x.example', 'manual', 'all')],
  ],
  [
    'Mailchimp’s audience, of whom few have unsubscribed',
    'Email Address,Name,UNSUB_TIME,MEMBER_RATING\na@x.example,A,,2\nB@X.example,B,2013-06-25 17:38:27,2',
    'Mailchimp: who unsubscribed',
    [{ passedOver: 'has not unsubscribed' }, barred('b@x.example', 'unsubscribe', 'marketing')],
  ],
  [
    'Mailchimp’s subscribers',
    'Email Address,First Name,MEMBER_RATING,OPTIN_TIME\na@x.example,A,2,2013',
    'Mailchimp: subscribers',
    [{ passedOver: 'has not unsubscribed' }],
  ],
  [
    'Mailchimp’s cleaned',
    'Email Address,CLEAN_TIME\na@x.example,2013-06-25',
    'Mailchimp: who was cleaned',
    [barred('a@x.example', 'bounce', 'all')],
  ],
  [
    'SendGrid’s bounces, and blocks among them',
    'status,reason,email,created\n5.1.1,550 no such user,a@x.example,1\n4.2.2,452 full,b@x.example,2',
    'SendGrid: bounces',
    [barred('a@x.example', 'bounce', 'all'), { passedOver: 'was refused for now only' }],
  ],
  [
    'SendGrid’s spam reports',
    'ip,email,created\n203.0.113.7,a@x.example,1',
    'SendGrid: spam reports',
    [barred('a@x.example', 'complaint', 'all')],
  ],
  [
    'SendGrid’s unsubscribes',
    'email,created\na@x.example,1',
    'SendGrid: unsubscribes',
    [barred('a@x.example', 'unsubscribe', 'marketing')],
  ],
  [
    'Brevo’s contacts',
    'EMAIL,LASTNAME,EMAIL_BLACKLISTED\na@x.example,A,Yes\nb@x.example,B,No',
    'Brevo: contacts',
    [barred('a@x.example', 'unsubscribe', 'marketing'), { passedOver: 'is not on the block list' }],
  ],
  [
    'just addresses, one of them a hash',
    `Ana <a@x.example>\n${'0'.repeat(64)}\nnobody\n`,
    'a list of addresses',
    [
      barred('a@x.example', 'manual', 'marketing'),
      { fault: 'holds a hash: only the address itself can be barred' },
      { fault: 'is not an email address' },
      { fault: 'has no address' },
    ],
  ],
])('%s', (_, file, looksLike, rows) => {
  expect(read(file)).toEqual({ looksLike, rows });
});

test('what the caller says goes before what the file seems to be, but never bars who is passed over', () => {
  expect(read('email,created\na@x.example,1', 'complaint')!.rows).toEqual([barred('a@x.example', 'complaint', 'all')]);
  expect(read('Email Address,UNSUB_TIME\na@x.example,', 'manual')!.rows).toEqual([{ passedOver: 'has not unsubscribed' }]);
});

test('a file without addresses is not guessed at; none makes it fail, and whoever is barred is somebody of the file', () => {
  expect(understand(['name', 'city'], null)).toBeNull();
  fc.assert(
    fc.property(fc.array(fc.array(fc.string({ maxLength: 30 }), { maxLength: 5 }), { minLength: 1, maxLength: 5 }), ([first, ...rows]) => {
      const understood = understand(first!, null);
      for (const cells of rows) {
        const found = understood && readRow(understood, cells, null);
        if (found && 'address' in found) expect(cells.join().toLowerCase().normalize('NFKC')).toContain(found.address.split('@')[0]);
      }
    }),
  );
});
