import { expect, test } from 'vitest';
import { readBatch } from '../../../../domain/tracking/schema.ts';

const received = new Date('2026-05-04T10:00:00Z');
const ageOf = (timestamp: string, sentAt?: string) =>
  readBatch({ batch: [{ type: 'track', userId: 'mei', event: 'opened', timestamp }], sentAt }, received)[0]!.ageMs;

test('a device’s clock that is absurdly wrong makes the event happen when it came, not in another millennium', () => {
  expect(ageOf('2026-05-04T09:59:00Z')).toBe(60_000);
  expect(ageOf('1999-05-04T10:00:00Z')).toBe(received.getTime() - Date.parse('1999-05-04T10:00:00Z'));
  // Both by the device's own clock: only what lies between them counts.
  expect(ageOf('2001-01-01T00:00:00Z', '2001-01-01T00:01:00Z')).toBe(60_000);
  for (const [timestamp, sentAt] of [
    ['0001-01-01T00:00:00Z'],
    ['0000-01-01T00:00:00Z', '9999-12-31T00:00:00Z'],
    ['2026-05-04T09:00:00Z', '9999-12-31T00:00:00Z'],
    ['9999-12-31T00:00:00Z', '0001-01-01T00:00:00Z'],
  ] as const)
    expect(ageOf(timestamp, sentAt), `${timestamp} sent ${sentAt}`).toBe(0);
});
