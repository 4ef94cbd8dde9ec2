import { expect, test } from 'vitest';
import { fileText } from '../../../cli/workspace/yaml.ts';

test('one thing stands without a list around it where it says the same, as a person would write it', () => {
  const body = {
    key: 'k',
    name: 'K',
    topic: 'news',
    reentry: 'never',
    entry: [{ event: 'signed_up' }],
    sending: { cap: [{ per: 'week', max: 2, of: 'person' }] },
    steps: [{ id: 'b', branch: [{ when: { any: [{ tag: 'x' }] }, steps: [{ id: 'w', wait: '1d' }] }] }],
  };
  expect(fileText({ kind: 'campaign', body })).toBe(`key: k
name: K
topic: news
entry: { event: signed_up }
sending: { cap: { max: 2, per: week } }
steps: [ { id: b, branch: [ { when: { any: [ { tag: x } ] }, steps: [ { id: w, wait: 1d } ] } ] } ]
`);
});
