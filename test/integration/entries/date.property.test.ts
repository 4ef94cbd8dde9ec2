import fc from 'fast-check';
import { expect, test } from 'vitest';
import { campaignOf, launch, topics } from '../../support/campaigns.ts';
import { look } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { workspace } from '../../support/workspace.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-03-02T00:00:00Z');
const OFFSET = 10 * DAY;
const CONTRACTS = Array.from({ length: 8 }, (_, i) => `C-${i}`);

/** The date of the third day at or before an instant. */
const dayAt = (at: number): string => new Date(START + Math.floor((at - START) / (3 * DAY)) * 3 * DAY).toISOString().slice(0, 10);

/** In each round some contracts are told a date, so many days ahead, of every third day; then days pass. */
const rounds = fc.array(
  fc.record({
    told: fc.uniqueArray(fc.tuple(fc.constantFrom(...CONTRACTS), fc.integer({ min: 5, max: 22 })), {
      selector: ([name]) => name,
      maxLength: 4,
    }),
    relaunched: fc.boolean(),
    days: fc.integer({ min: 1, max: 8 }),
  }),
  { minLength: 10, maxLength: 10 },
);

test('however dates are told, moved and moved back, each date of each thing lets people in once, and none is left out', async () => {
  const firm = await workspace({ at: new Date(START), documents: topics });
  await happen(firm.pool, 'signed_up', [{ email: 'ana@aguas.example' }]);
  const document = campaignOf({
    key: 'renewal',
    entry: { date: 'contract.ends_at', offset: '-10d', people: { max: 1 } },
    reentry: { key: 'contract' },
    steps: [{ id: 'w', wait: '1d' }],
  });
  await launch(firm, document);

  const expected = new Set<string>();
  const seen = new Set<string>();
  const armed = new Map<string, { date: string; due: number }>();
  let now = START;
  const letIn = (): void => {
    for (const [name, { date, due }] of armed) {
      if (due > now) continue;
      expected.add(`${name} ${date}`);
      armed.delete(name);
    }
  };
  for (const { told, relaunched, days } of fc.sample(rounds, { seed: 20_261_122, numRuns: 1 })[0]!) {
    const items = told.map(([externalId, ahead]) => ({ externalId, date: dayAt(now + ahead * DAY) }));
    await firm.post('/v1/records', {
      items: items.map(({ externalId, date }) => ({
        kind: 'contract',
        externalId,
        record: { account: { domain: 'aguas.example' }, status: 'active', dates: { ends_at: date } },
      })),
    });
    for (const { externalId: name, date } of items) {
      if (armed.get(name)?.date === date) continue;
      armed.delete(name);
      const due = Date.parse(date) - OFFSET;
      if (seen.has(`${name} ${date}`)) continue;
      if (due < now) seen.add(`${name} ${date}`);
      else armed.set(name, { date, due });
    }
    await look(firm, 'renewal');
    letIn();
    for (const key of expected) seen.add(key);
    if (relaunched) await launch(firm, document);
    now += days * DAY;
    await firm.jump(`${days}d`);
    await look(firm, 'renewal');
    letIn();
    for (const key of expected) seen.add(key);
  }
  const { rows } = await firm.pool.query<{ key: string }>(
    `select r.external_id || ' ' || a.date as key from appointment a join record r on r.id = a.subject_id where a.state = 'entered'`,
  );
  expect(new Set(rows.map((row) => row.key))).toEqual(expected);
  expect(rows.length).toBe(expected.size);
  expect(expected.size).toBeGreaterThan(5);
  const { rows: entered } = await firm.pool.query(
    `select entry ->> 'contract' as contract, entry ->> 'date' as date from enrolment group by 1, 2 having count(*) > 1`,
  );
  expect(entered).toEqual([]);
  const { rows: judged } = await firm.pool.query<{ n: number }>(
    `select count(*)::int as n from journal where kind in ('entered', 'not_entered')`,
  );
  expect(judged[0]!.n).toBe(expected.size);
});
