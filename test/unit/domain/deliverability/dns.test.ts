import fc from 'fast-check';
import { expect, test } from 'vitest';
import { judgeDkim } from '../../../../domain/deliverability/dns/dkim.ts';
import { judgeDmarc } from '../../../../domain/deliverability/dns/dmarc.ts';
import { readSpf } from '../../../../domain/deliverability/dns/spf.ts';

test('an SPF record is read term by term, with its qualifiers, networks and modifiers', () => {
  const { terms, faults } = readSpf(
    'v=spf1  +mx -ip4:192.0.2.0/24 ?include:_SPF.example a:mail.firm.example/28//64 exists:%{i}.x.example exp=why.example redirect=next.example',
  );
  expect(faults).toEqual([]);
  expect(terms.map(({ qualifier, kind, value, prefix }) => `${qualifier}${kind} ${value} ${prefix}`)).toEqual([
    '+mx  null',
    '-ip4 192.0.2.0 24',
    '?include _spf.example null',
    '+a mail.firm.example 28',
    '+exists %{i}.x.example null',
    '+redirect next.example null',
  ]);
  for (const fault of ['include:', 'ip4:192.0.2.256', 'ip4:192.0.2.0/33', 'ip6:2001:db8::/129', 'all:x', 'foo', '++all', '-all.']) {
    expect(readSpf(`v=spf1 ${fault} -all`).faults).toEqual([fault]);
  }
});

test('whatever stands in a record, it is judged and never a failure of ours', () => {
  const pieces = fc.constantFrom(
    'v=spf1',
    'v=DKIM1',
    'v=DMARC1',
    'p=',
    'p=none',
    'p=AAAA',
    'k=rsa',
    'k=ed25519',
    'k=x',
    't=y',
    'pct=x',
    'rua=',
    ';',
    ' ',
    '=',
    'ip4:1.2.3.4',
    'ip6:::',
    'a/',
    '-all',
    '~',
    '"',
    '\u0000',
    'é',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 20 }), (parts) => {
      for (const glue of ['', ' ', ';']) {
        const record = parts.join(glue);
        expect(readSpf(record).terms.length + readSpf(record).faults.length).toBeLessThanOrEqual(record.length);
        expect(judgeDkim(record, 'n').length).toBeGreaterThan(0);
        expect(judgeDmarc(record, 'n', false).length).toBeGreaterThan(0);
      }
    }),
  );
});
