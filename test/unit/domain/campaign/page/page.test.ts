import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { entryKinds } from '../../../../../domain/campaign/entries/index.ts';
import { lint, type Surroundings } from '../../../../../domain/campaign/lint.ts';
import { comparisons, leaves } from '../../../../../domain/campaign/page/conditions.ts';
import { campaignPage, wholeExample } from '../../../../../domain/campaign/page/page.ts';
import { lintSequence } from '../../../../../domain/sequences/lint.ts';
import { stepKinds } from '../../../../../domain/campaign/steps/index.ts';

/** What the examples may name. */
const here: Surroundings = {
  segment: (key) => (['competitors', 'silent-180d'].includes(key) ? { tag: key } : undefined),
  hasTemplate: (key) => ['welcome', 'case-study', 'last-call'].includes(key),
  hasPool: (key) => key === 'inside',
  hasTopic: (key) => key === 'product-news',
};
const campaign = { key: 'example', name: 'Example', topic: 'product-news', steps: [{ id: 'hello', send: 'welcome' }] };
const errors = (document: object) => lint(document, here).findings.filter(({ level }) => level === 'error');

test('the page is as the schemas are: npm run docs writes it anew', () => {
  const page = readFileSync(new URL('../../../../../docs/campaign-language.md', import.meta.url), 'utf8');
  expect(page === campaignPage(), 'docs/campaign-language.md is stale: npm run docs').toBe(true);
});

test('the campaign at its head passes the lint', () => expect(errors(parse(wholeExample) as object)).toEqual([]));

test.each(entryKinds.map(({ kind, about, example }) => ({ kind, about, example })))(
  'the entry $kind is told, and its example passes the lint',
  ({ about, example }) => {
    expect(about).toBeTruthy();
    expect(errors({ ...campaign, entry: parse(example!) as unknown })).toEqual([]);
  },
);

test.each(stepKinds.map(({ kind, about, example, of }) => ({ kind, about, example, of })))(
  'the step $kind is told, and its example passes the lint',
  ({ about, example, of }) => {
    expect(about).toBeTruthy();
    const steps = parse(example!) as unknown;
    expect(
      of === 'sequence' ? lintSequence({ key: 'example', name: 'Example', steps }, here).findings : errors({ ...campaign, steps }),
    ).toEqual([]);
  },
);

test.each([...leaves, ...comparisons])('the condition $example passes the lint', ({ example }) => {
  const branch = [{ when: parse(example) as unknown, steps: [] }];
  expect(errors({ ...campaign, exitWhen: undefined, steps: [...campaign.steps, { id: 'b', branch }] })).toEqual([]);
});
