import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

test('what no segment can say is refused with its place and what to do', async () => {
  const firm = await workspace({
    documents: {
      attributes: { default: { lead: { size: 'number' } } },
      segment: { inner: { condition: { segment: 'outer' } }, outer: { condition: { 'lead.size': 1 } } },
    },
  });
  const faults = async (condition: unknown, key = 'mine'): Promise<string[]> => {
    const answer = await firm.put(`/v1/segments/${key}`, { condition });
    expect(answer).toHaveStatus(422);
    return ((await answer.json()) as { issues: { path: string; reason: string }[] }).issues.map(({ path, reason }) => `${path}: ${reason}`);
  };
  expect(await faults({ 'lead.sise': 1 })).toEqual(['condition: there is no attribute lead.sise']);
  expect(await faults({ segment: 'gone' })).toEqual([`condition: there is no segment 'gone'`]);
  expect(await faults({ segment: 'inner' }, 'outer')).toEqual([`condition: segment 'outer' contains itself`]);
  expect(await faults({ event: 'seen', since: 'entry' })).toEqual([`condition: 'seen since entry': a segment knows of no entry`]);
  expect(await faults({ clicked: 'welcome' })).toEqual([`condition: 'clicked welcome': a segment knows of no steps`]);
  expect(await faults({ account: { anyone: { 'lead.size': '$entry.size' } } })).toEqual([
    `condition: 'lead.size is $entry.size': nobody has entered anything here, so there is no $entry`,
  ]);
  expect(await faults({ any: [{ 'lead.size': { within: 'soon' } }] })).toEqual([expect.stringContaining('condition.any.0.lead.size')]);
  expect(await faults({ 'lead.size': { before: 'tomorrow' } })).toEqual([expect.stringContaining('is not a moment')]);
  expect(await faults({ by: 'account', stage: 'mql' })).toEqual([expect.stringContaining('account: { anyone: { … } }')]);
  expect(await faults({})).toEqual(['condition: a condition says something: this one is empty']);

  expect(await firm.get('/v1/segments/gone')).toHaveStatus(404);
  expect(await firm.delete('/v1/segments/gone')).toHaveStatus(404);
  expect(await firm.post('/v1/segments/preview', { condition: { segment: 'gone' } })).toHaveStatus(422);
  expect(await firm.put('/v1/segments/Not%20a%20key', { condition: { tag: 'x' } })).toHaveStatus(422);
});
