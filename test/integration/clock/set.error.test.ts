import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

test('the clock does not go back, nor beyond where dates fit', async () => {
  const firm = await workspace({ at: '2027-01-04T09:00:00Z' });
  expect(await firm.post('/v1/clock', { action: 'jump', to: '2027-01-04T08:59:59Z' })).toHaveStatus(409);
  expect(await firm.post('/v1/clock', { action: 'jump', to: '2999-01-01T00:00:00Z' })).toHaveStatus(422);
  expect(await firm.post('/v1/clock', { action: 'jump', by: '999999mo' })).toHaveStatus(422);
  expect(await firm.now()).toEqual(new Date('2027-01-04T09:00:00Z'));
});

test('a change that says too little, too much or nonsense is refused, naming the field', async () => {
  const firm = await workspace();
  const refused: [object, string][] = [
    [{ action: 'jump' }, 'by'],
    [{ action: 'jump', by: '3d', to: 'next' }, 'by'],
    [{ action: 'jump', by: 'soon' }, 'by'],
    [{ action: 'jump', to: 'yesterday' }, 'to'],
    [{ action: 'freeze', by: '3d' }, 'by'],
    [{ action: 'rate' }, 'rate'],
    [{ action: 'rate', rate: 'fast' }, 'rate'],
    [{ action: 'rate', rate: '1000w=1s' }, 'rate'],
    [{ action: 'real', rate: '1' }, 'rate'],
    [{ action: 'backwards' }, 'action'],
  ];
  for (const [change, path] of refused) {
    const answer = await firm.post('/v1/clock', change);
    expect(answer).toHaveStatus(422);
    expect(((await answer.json()) as { issues: { path: string }[] }).issues.map((issue) => issue.path)).toContain(path);
  }
});
