import { expect, test } from 'vitest';
import { nextLevel } from '../../../../domain/scoring/levels.ts';
import { levels } from './arbitraries.ts';

test('a level is reached at `up`, kept down to `down`, and left below it', () => {
  const walk = [10, 30, 25, 20, 19.9, 29, 60, 45, 44.9, 10].reduce<string[]>(
    (path, engagement) => [...path, nextLevel(levels, path.at(-1) ?? 'cold', engagement)],
    [],
  );
  expect(walk).toEqual(['cold', 'warm', 'warm', 'warm', 'cold', 'cold', 'hot', 'hot', 'warm', 'cold']);
});

test('a burst takes a lead through several levels at once, and a fall brings it all the way down', () => {
  expect(nextLevel(levels, 'cold', 200)).toBe('hot');
  expect(nextLevel(levels, 'hot', -5)).toBe('cold');
});

test('a level that the model no longer has counts as cold', () => {
  expect(nextLevel(levels, 'boiling', 25)).toBe('cold');
});
