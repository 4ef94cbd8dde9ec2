import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readEvents } from '../../../../messaging/sendgrid/events.ts';

const NOW = Date.parse('2026-03-02T09:00:00Z');
const read = (event: unknown) => readEvents([event], NOW)[0];
const base = { email: 'Mei.Lin@X.example', timestamp: 1_772_000_000, sg_event_id: 'e1' };

test('a bounce is a dead address; a block is not, whatever status it has', () => {
  expect(read({ ...base, event: 'bounce', type: 'bounce', status: '5.1.1', reason: '550 no such user' })).toMatchObject({
    kind: 'bounced',
    address: 'mei.lin@x.example',
    status: '5.1.1',
    reason: '550 no such user',
  });
  expect(read({ ...base, event: 'bounce', type: 'blocked', status: '5.2.2' })!.kind).toBe('blocked');
  expect(read({ ...base, event: 'bounce', type: 'expired' })!.kind).toBe('blocked');
  expect(read({ ...base, event: 'bounce' })!.kind).toBe('bounced');
});

test('one name for two things is two events; the same thing without a name is known by what it says', () => {
  const bounce = read({ ...base, event: 'bounce', type: 'bounce' })!;
  expect(read({ ...base, event: 'bounce', type: 'blocked' })!.key).not.toBe(bounce.key);
  const nameless = { email: 'a@x.example', event: 'open', timestamp: 1 };
  expect(read(nameless)!.key).toBe(read({ timestamp: 1, event: 'open', email: 'a@x.example' })!.key);
  expect(read(nameless)!.key).not.toBe(read({ ...nameless, timestamp: 2 })!.key);
});

test('times come in seconds, in milliseconds and as text; none is later than now', () => {
  expect(read({ ...base, event: 'open', timestamp: 1_600_000_000 })!.atMs).toBe(1_600_000_000_000);
  expect(read({ ...base, event: 'open', timestamp: 1_591_726_752_372 })!.atMs).toBe(1_591_726_752_372);
  expect(read({ ...base, event: 'Processed', timestamp: '123456789' })).toMatchObject({ kind: 'processed', atMs: 123_456_789_000 });
  for (const timestamp of ['soon', null, -1, Number.NaN, 9e15, undefined, {}])
    expect(read({ ...base, event: 'open', timestamp })!.atMs).toBe(NOW);
});

test('the send key is an argument beside the event’s own fields', () => {
  expect(read({ ...base, event: 'delivered', tendril_send: 'e1/welcome/1' })!.sendKey).toBe('e1/welcome/1');
  expect(read({ ...base, event: 'delivered', unique_args: { tendril_send: 'e1/welcome/1' } })!.sendKey).toBe('e1/welcome/1');
  expect(read({ ...base, event: 'delivered' })!.sendKey).toBeNull();
});

test('what a machine opened is marked, what is no event of ours is left out', () => {
  expect(read({ ...base, event: 'open', sg_machine_open: true })!.machine).toBe(true);
  expect(read({ ...base, event: 'open', sg_machine_open: false })!.machine).toBe(false);
  for (const odd of [
    null,
    7,
    'open',
    [],
    {},
    { event: 'open' },
    { ...base, event: 'account_status_change' },
    { ...base, event: 'constructor' },
  ])
    expect(read(odd)).toBeUndefined();
});

test('whatever comes, what is read of it can be stored', () => {
  const odd = fc.oneof(
    fc.string(),
    fc.constantFrom('\0', 'a\0b@x.example', '\ud800', '1e999'),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.constant({}),
    fc.constant(['a']),
  );
  const event = fc.record(
    {
      event: fc.constantFrom('open', 'bounce', 'delivered', 'group_unsubscribe', 'dropped'),
      email: odd,
      timestamp: odd,
      sg_event_id: odd,
      asm_group_id: odd,
      reason: odd,
      status: odd,
      type: odd,
      url: odd,
      tendril_send: odd,
    },
    { requiredKeys: ['event'] },
  );
  fc.assert(
    fc.property(event, (given) => {
      const told = read(given);
      if (!told) return;
      for (const text of Object.values(told)) if (typeof text === 'string') expect(text).not.toContain('\0');
      expect(Number.isFinite(new Date(told.atMs).getTime())).toBe(true);
      expect(told.groupId === null || Number.isInteger(told.groupId)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test('what no column gives back as it was written is mended before anything is known by it', () => {
  const event = read({
    ...base,
    event: 'deferred',
    sg_event_id: 'half\ud83d',
    response: `\0${'x'.repeat(999)}\u{1f600}`,
    tendril_send: 'a\udfff',
  })!;
  expect(event).toMatchObject({ key: 'sendgrid/deferred/half\ufffd', reason: `${'x'.repeat(999)}\ufffd`, sendKey: 'a\ufffd' });
});
