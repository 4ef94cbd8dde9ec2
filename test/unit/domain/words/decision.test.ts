import fc from 'fast-check';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { tell } from '../../../../domain/words/decision.ts';

const told = (kind: string, because: Record<string, unknown>, stepId: string | null = 'step'): string =>
  tell({ kind, stepId, campaign: 'Trial', because }).words;

test('a campaign tells how somebody came in, went on and left', () => {
  expect(told('entered', { rule: 'entry', event: 'form_submitted' })).toBe('Entered “Trial”: form_submitted happened');
  expect(told('not_entered', { rule: 'reentry', reason: 'was in it before' })).toBe('Did not enter “Trial”: was in it before');
  expect(told('stayed', { rule: 'wait', for: '2d', until: '2027-03-04T09:30:00.000Z' }, 'w1')).toBe(
    'W1: waits 2d, until 4 March 2027, 09:30 UTC',
  );
  expect(told('stepped', { rule: 'waitFor', event: 'pricing_viewed', until: '2027-03-04T09:30:00.000Z', saw: null })).toBe(
    'Step: pricing_viewed did not come by 4 March 2027, 09:30 UTC, and went on',
  );
  expect(told('stepped', { rule: 'send', skipped: 'no email address', template: 'welcome' })).toBe(
    'Step: mail welcome skipped: no email address, and went on',
  );
  expect(told('exited', { rule: 'exitWhen' })).toBe('Left “Trial”: the condition for leaving holds');
});

test('scoring and sales tell what changed and who did it', () => {
  expect(told('scored', { fit: { was: 'C', is: 'B' }, level: { was: 'cold', is: 'cold' }, qualified: { was: false, is: true } })).toBe(
    'Scored: fit C → B, now meets the qualification standard',
  );
  expect(told('offered', { rep: 'x', name: 'Ana', by: 'rotation' })).toBe('Offered to Ana (next in the rotation)');
  expect(told('sla_breached', { rep: 'x', name: 'Ana' })).toBe('The promise was broken: no answer from Ana in time');
});

test('what nobody likes to read is told too', () => {
  expect(told('score_failed', { error: 'the half-life is zero' })).toBe(
    'Could not be scored (the half-life is zero); looked at again when something new happens',
  );
  expect(told('not_entered', { rule: 'paused' })).toBe(
    'Did not enter “Trial”: it was paused at the time, and resumed without those who had waited',
  );
  expect(told('passed_on', { name: 'Ana', by: 'absence' })).toBe('Taken from Ana: is away');
  expect(told('handed_off', { rule: 'api', note: 'met at the fair' })).toBe('Handed to sales: by hand: met at the fair');
});

test('every kind that SQL itself writes into the journal has words', () => {
  const sources = readdirSync('db', { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.startsWith('generated'),
  );
  const kinds = sources.flatMap((file) =>
    [...readFileSync(`db/${file}`, 'utf8').matchAll(/insert into journal \([^)]*\)\s*(?:values \(|select )(case .*? end|'\w+')/g)].flatMap(
      (found) => [...found[1]!.matchAll(/'(\w+)'/g)].map(([, kind]) => kind!),
    ),
  );
  expect(kinds).toEqual(expect.arrayContaining(['exited', 'handed_off', 'joined', 'passed_on', 'conflict_noted', 'stage_changed']));
  for (const kind of kinds) expect(told(kind, { probe: 'of details' })).not.toContain('of details');
});

test('facts are told with what was seen; what is no evidence is left out', () => {
  const evidence = [{ leaf: { kind: 'fit', test: { gte: 'C' } }, value: 'D', held: false }, { strange: true }];
  expect(tell({ kind: 'not_entered', stepId: null, campaign: 'Trial', because: { rule: 'entry.if', evidence } }).facts).toEqual([
    'no: fit ≥ C (D)',
  ]);
});

test('a kind or rule nobody has taught us is told by its name and details', () => {
  expect(told('moon_landed', { on: 'Mare', crew: { n: 2 } })).toBe('Moon landed (on: Mare)');
  expect(told('stepped', { rule: 'coin_tossed' })).toBe('Step: coin tossed, and went on');
});

test('whatever stands in the journal, telling it never fails', () => {
  const kinds = fc.oneof(
    fc.string(),
    fc.constantFrom('entered', 'stepped', 'exited', 'scored', 'offered', 'handed_off', 'toString', '__proto__'),
  );
  fc.assert(
    fc.property(
      kinds,
      fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('rule', 'evidence', 'fit')), fc.jsonValue()),
      (kind, because) => {
        expect(typeof tell({ kind, stepId: null, campaign: null, because }).words).toBe('string');
      },
    ),
  );
});
