import { expect, test } from 'vitest';
import { recordEvent, recordSchema } from '../../../../domain/records/record.ts';

test('a status in the words of any system becomes the name of an event', () => {
  const { status } = recordSchema.parse({ email: 'ana@aguas.example', status: ' In Progress ' });
  expect(recordEvent('case', status)).toBe('case_in_progress');
});

test('a record belongs to somebody, and its dates are dates', () => {
  const fault = (record: object) => recordSchema.safeParse(record).error?.issues[0]?.path.join('.');
  expect(fault({ status: 'sent' })).toBe('account');
  expect(fault({ email: 'a@b.example', status: '???' })).toBe('status');
  expect(fault({ email: 'a@b.example', status: 'sent', dates: { ends_at: '31.12.2026' } })).toBe('dates.ends_at');
  expect(fault({ email: 'a@b.example', status: 'sent', dates: { 'Ends at': '2026-12-31' } })).toBe('dates.Ends at');
  expect(
    fault({ account: { domain: 'b.example' }, status: 'sent', dates: { ends_at: '2026-12-31', at: '2026-12-31T09:00:00+08:00' } }),
  ).toBeUndefined();
});
