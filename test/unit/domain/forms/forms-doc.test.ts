import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { formSchema, leadFields, lintForm, purposes } from '../../../../domain/forms/form.ts';

const guide = readFileSync('docs/forms.md', 'utf8');
const examples = [...guide.matchAll(/```yaml form\n(.*?)```/gs)].map(([, text]) => parse(text!) as Record<string, unknown>);

test('every example of a form document in docs/forms.md is one', () => {
  expect(examples.length).toBeGreaterThan(1);
  expect(examples.map(lintForm)).toEqual(examples.map(() => []));
});

test('docs/forms.md names every key, purpose and field, and shows every key in its longest example', () => {
  const keys = Object.keys(formSchema.shape);
  for (const name of [...keys, ...purposes, ...leadFields]) expect(guide).toContain(`\`${name}\``);
  expect(Object.keys(examples.at(-1)!).toSorted()).toEqual(keys.toSorted());
});
