import { expect, test } from 'vitest';
import { lint } from '../../../domain/campaign/lint.ts';
import { condition } from '../../../domain/conditions/condition.ts';
import { TendrilError } from '../../../domain/errors.ts';
import { readBatch, readCall } from '../../../domain/tracking/schema.ts';

const around = { hasTemplate: () => true, hasPool: () => true, hasTopic: () => true, segment: () => undefined };

/** What would overflow the stack of whoever follows it. */
function nested(levels: number, key: string, innermost: unknown): unknown {
  let value = innermost;
  for (let n = 0; n < levels; n++) value = { [key]: value };
  return value;
}

test('branches within branches without end are a finding of lint, not a failure of ours', () => {
  let steps: unknown[] = [{ id: 'end', exit: 'enough' }];
  for (let n = 0; n < 2_000; n++) steps = [{ id: `b${n}`, branch: [{ when: { clicked: 'any' }, steps }] }];
  const { campaign, findings } = lint({ key: 'deep', name: 'Deep', topic: 'news', entry: { event: 'x' }, steps }, around);
  expect(campaign).toBeNull();
  expect(findings).toMatchObject([{ level: 'error', reason: expect.stringContaining('nested deeper') }]);
});

test('so is a condition within conditions', () => {
  expect(condition.safeParse(nested(5_000, 'not', { clicked: 'any' })).error?.issues).toMatchObject([
    { message: expect.stringContaining('nested deeper') },
  ]);
  expect(condition.safeParse(nested(40, 'not', { clicked: 'any' })).success).toBe(true);
});

test('a call whose properties are nested without end is refused, naming it', () => {
  const call = { userId: 'mei', event: 'opened', properties: nested(6_000, 'a', 1) };
  const refusals = [() => readCall('track', call, new Date()), () => readBatch({ batch: [{ ...call, type: 'track' }] }, new Date())];
  for (const refused of refusals) {
    expect(refused).toThrow(TendrilError);
    expect(refused).toThrow(/nested deeper than 100 levels/);
  }
});
