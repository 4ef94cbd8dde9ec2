import fc from 'fast-check';
import { expect, test } from 'vitest';
import { GRACE_MS, LEASE_MS, type LedgerRow, MOST_ATTEMPTS, move, retryAfter } from '../../../../domain/delivery/ledger.ts';

const fresh: LedgerRow = { state: 'queued', token: null, until: null, attempts: 0, departed: false };
const ends = ['accepted', 'failed', 'suppressed', 'cancelled'];

const outcome = fc.constantFrom('accepted' as const, 'failed' as const, 'retry' as const, 'lane' as const, 'unknown' as const);
/** What workers, a vanished worker's successor and the provider may try, at any time, with any token. */
const attempt = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('depart' as const), worker: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('settle' as const), worker: fc.nat(2), outcome }) },
  fc.record({ kind: fc.constant('refuse' as const) }),
  fc.record({ kind: fc.constant('report' as const), outcome: fc.constantFrom('accepted' as const, 'failed' as const) }),
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, GRACE_MS, LEASE_MS, LEASE_MS + GRACE_MS) }),
  },
);

test('whatever order workers, expiries, zombies and late answers come in, nothing is at the socket twice unless it was certainly not taken', () => {
  fc.assert(
    fc.property(fc.array(attempt, { maxLength: 60 }), (attempts) => {
      let row = fresh;
      let now = 0;
      let departures = 0;
      const tokens = ['', '', ''];
      /** The departure whose mail may have been taken: nobody has said for certain that it was not. */
      let perhapsTaken: string | null = null;
      for (const one of attempts) {
        if (one.kind === 'wait') {
          now += one.ms;
          row = move(row, { kind: 'expire', now }) ?? row;
        } else if (one.kind === 'depart') {
          const token = `departure ${++departures}`;
          const next = move(row, { kind: 'depart', token, now });
          if (next) {
            expect(row.state).toBe('queued');
            expect(perhapsTaken).toBeNull();
            perhapsTaken = tokens[one.worker] = token;
          }
          row = next ?? row;
        } else if (one.kind === 'report') {
          row = move(row, one) ?? row;
        } else {
          const token = one.kind === 'settle' ? tokens[one.worker]! : '';
          const before = row;
          const next =
            one.kind === 'settle'
              ? move(row, { kind: 'settle', token, outcome: one.outcome })
              : move(row, { kind: 'refuse', as: 'cancelled' });
          if (next && one.kind === 'settle') expect(before.token).toBe(token);
          if (next && one.kind === 'settle' && (one.outcome === 'retry' || one.outcome === 'lane')) perhapsTaken = null;
          if (ends.includes(before.state)) expect(next).toBeNull();
          row = next ?? row;
        }
        expect(row.until !== null).toBe(row.state === 'in_flight');
        expect(row.attempts).toBeGreaterThanOrEqual(0);
        expect(row.attempts).toBeLessThanOrEqual(MOST_ATTEMPTS);
      }
    }),
    { numRuns: 3_000 },
  );
});

test('a mail under way becomes unknown only after its grace, and its sender may still settle it', () => {
  const gone = move(fresh, { kind: 'depart', token: 'a', now: 0 })!;
  expect(move(gone, { kind: 'expire', now: LEASE_MS + GRACE_MS - 1 })).toBeNull();
  const unknown = move(gone, { kind: 'expire', now: LEASE_MS + GRACE_MS })!;
  expect(unknown).toMatchObject({ state: 'unknown', token: 'a' });
  expect(move(unknown, { kind: 'depart', token: 'b', now: 1 })).toBeNull();
  expect(move(unknown, { kind: 'settle', token: 'b', outcome: 'accepted' })).toBeNull();
  expect(move(unknown, { kind: 'settle', token: 'a', outcome: 'accepted' })).toMatchObject({ state: 'accepted' });
  expect(move(unknown, { kind: 'report', outcome: 'accepted' })).toMatchObject({ state: 'accepted' });
});

test('a mail refused for now is tried again, ever later, and given up in the end; the lane’s own trouble never counts', () => {
  let row = fresh;
  for (let i = 1; i <= MOST_ATTEMPTS; i++) {
    const gone = move(row, { kind: 'depart', token: 'a', now: 0 })!;
    expect(move(gone, { kind: 'settle', token: 'a', outcome: 'lane' })).toEqual({ ...row, state: 'queued', departed: true });
    row = move(gone, { kind: 'settle', token: 'a', outcome: 'retry' })!;
    expect(row.state).toBe(i === MOST_ATTEMPTS ? 'failed' : 'queued');
  }
  expect([1, 2, 3, 4, 5, 9].map(retryAfter)).toEqual([30_000, 120_000, 480_000, 1_920_000, 3_600_000, 3_600_000]);
});

test('a server that refused it for now and had taken it all the same: told so in time, the mail does not go again', () => {
  expect(move(fresh, { kind: 'report', outcome: 'accepted' })).toBeNull();
  const refused = move(move(fresh, { kind: 'depart', token: 'a', now: 0 })!, { kind: 'settle', token: 'a', outcome: 'lane' })!;
  const told = move(refused, { kind: 'report', outcome: 'accepted' })!;
  expect(told).toMatchObject({ state: 'accepted', token: null });
  expect(move(told, { kind: 'depart', token: 'b', now: 1 })).toBeNull();
});
