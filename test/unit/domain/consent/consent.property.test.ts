import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayAsk, remindAt, worksUntil } from '../../../../domain/consent/confirmation.ts';
import { firstLook, impliedExpiry } from '../../../../domain/consent/due.ts';
import { type ConsentRow, refusal, standing } from '../../../../domain/consent/standing.ts';
import { topics } from '../../../../domain/consent/topics.ts';

const now = new Date('2026-03-02T09:00:00Z');
const instant = fc.date({ min: new Date('2025-01-01'), max: new Date('2029-01-01'), noInvalidDate: true });
const row: fc.Arbitrary<ConsentRow> = fc
  .record({
    id: fc.uuid({ version: 7 }),
    state: fc.constantFrom('granted', 'withdrawn', 'pending', 'expired'),
    expiresAt: fc.option(instant),
  })
  .map((one) => ({ ...one, expiresAt: one.state === 'granted' ? one.expiresAt : null }));

test('the newest row holds, in whatever order the rows come, and an older one never changes that', () => {
  fc.assert(
    fc.property(fc.uniqueArray(row, { selector: ({ id }) => id, minLength: 1 }), instant, fc.nat(), (rows, at, seed) => {
      const shuffled = rows.toSorted((a, b) => ((seed ^ a.id.charCodeAt(30)) % 7) - ((seed ^ b.id.charCodeAt(30)) % 7));
      const newest = rows.reduce((one, other) => (other.id > one.id ? other : one));
      expect(standing(shuffled, at)).toBe(standing(rows, at));
      expect(standing(rows, at)).toBe(standing([newest], at));
    }),
  );
});

test('what has run out stays so: time alone never gives a consent back', () => {
  fc.assert(
    fc.property(fc.array(row), instant, instant, (rows, a, b) => {
      const [earlier, later] = a < b ? [a, b] : [b, a];
      if (standing(rows, earlier) !== 'granted') expect(standing(rows, later)).toBe(standing(rows, earlier));
      else expect(['granted', 'expired']).toContain(standing(rows, later));
    }),
  );
});

test('only a yes, or a ground that needs none, lets marketing through; each refusal has its own reason', () => {
  const document = topics.parse({
    topics: [
      { key: 'opt-in', name: 'A' },
      { key: 'double-opt-in', name: 'B', basis: 'double-opt-in' },
      { key: 'existing-customer', name: 'C', basis: 'existing-customer', implied: [{ event: 'order_placed', lasts: '24mo' }] },
      { key: 'legitimate-interest', name: 'D', basis: 'legitimate-interest' },
    ],
  });
  const states = [null, 'granted', 'pending', 'expired', 'withdrawn'] as const;
  const strict = ['no_consent', null, 'consent_pending', 'consent_expired', 'consent_withdrawn'];
  const lenient = [null, null, 'consent_pending', null, 'consent_withdrawn'];
  for (const key of ['opt-in', 'double-opt-in', 'existing-customer'])
    expect(states.map((state) => refusal(document, key, state))).toEqual(strict);
  for (const key of ['legitimate-interest', 'not in the document'])
    expect(states.map((state) => refusal(document, key, state))).toEqual(lenient);
});

test('a consent is looked at before it ends where there is time to warn, and at its end else; never after', () => {
  const [topic] = topics.parse({ topics: [{ key: 'a', name: 'A', warn: '30d' }] }).topics;
  fc.assert(
    fc.property(instant, instant, (expiresAt, at) => {
      const look = firstLook(expiresAt, topic, at)!;
      expect(look.dueAt <= expiresAt).toBe(true);
      expect(look.what === 'lapse' ? look.dueAt.getTime() === expiresAt.getTime() : look.dueAt > at).toBe(true);
    }),
  );
  expect(firstLook(null, topic, now)).toBeNull();
  expect(firstLook(new Date('2026-03-03T09:00:00Z'), topic, now)).toEqual({ what: 'lapse', dueAt: new Date('2026-03-03T09:00:00Z') });
});

test('CASL: six months from an inquiry, twenty-four from a purchase, by the calendar; a later event never ends sooner', () => {
  expect(impliedExpiry({ lasts: '6mo' }, new Date('2026-08-31T12:00:00Z'))).toEqual(new Date('2027-02-28T12:00:00Z'));
  expect(impliedExpiry({ lasts: '24mo' }, new Date('2024-02-29T12:00:00Z'))).toEqual(new Date('2026-02-28T12:00:00Z'));
  fc.assert(
    fc.property(instant, fc.nat(10 ** 10), (at, more) => {
      const later = new Date(at.getTime() + more);
      expect(impliedExpiry({ lasts: '6mo' }, later) >= impliedExpiry({ lasts: '6mo' }, at)).toBe(true);
    }),
  );
});

test('nobody is asked to confirm oftener than the topic says, however often the form is sent', () => {
  const duration = fc.constantFrom('1h', '1d', '3d');
  fc.assert(
    fc.property(
      fc.record({ again: duration, most: fc.integer({ min: 1, max: 5 }) }),
      fc.array(fc.nat(30 * 24), { maxLength: 60 }),
      (confirm, hours) => {
        const [topic] = topics.parse({ topics: [{ key: 'a', name: 'A', basis: 'double-opt-in', confirm }] }).topics;
        const mails: number[] = [];
        for (const hour of hours.toSorted((a, b) => a - b)) {
          const at = new Date(now.getTime() + hour * 3_600_000);
          const last = mails.length === 0 ? null : new Date(mails.at(-1)!);
          if (mayAsk(topic!, { mails: mails.length, last }, at)) mails.push(at.getTime());
        }
        const gap = { '1h': 1, '1d': 24, '3d': 72 }[confirm.again] * 3_600_000;
        expect(mails.length).toBeLessThanOrEqual(confirm.most);
        expect(mails.every((at, i) => i === 0 || at - mails[i - 1]! >= gap)).toBe(true);
        expect(mails.length > 0).toBe(hours.length > 0);
      },
    ),
  );
});

test('a reminder comes while the first link still works, and only where a second mail is allowed', () => {
  const reminding = (confirm: object) => remindAt(topics.parse({ topics: [{ key: 'a', name: 'A', confirm }] }).topics[0]!, now);
  expect(reminding({})).toBeNull();
  expect(reminding({ reminder: '3d' })).toEqual(new Date('2026-03-05T09:00:00Z'));
  expect(reminding({ reminder: '3d', within: '3d' })).toBeNull();
  expect(reminding({ reminder: '3d', most: 1 })).toBeNull();
  expect(worksUntil(topics.parse({ topics: [{ key: 'a', name: 'A' }] }).topics[0]!, now)).toEqual(new Date('2026-04-01T09:00:00Z'));
});
