import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { readFolder } from '../../cli/workspace/files.ts';
import { planPush } from '../../domain/workspace/push.ts';

const root = new URL('../../', import.meta.url).pathname;

test('the demo is a workspace without a fault: every name in its documents is there', async () => {
  const templates = new Set(
    readdirSync(`${root}templates`, { recursive: true, encoding: 'utf8' }).map((file) => file.replace(/^.*\/|\.mjml$/g, '')),
  );
  const { documents, others } = await readFolder(`${root}demo`);
  expect(documents.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['attributes', 'events', 'campaign', 'pools', 'reps']));
  expect(others).toEqual(['accounts.yaml']);
  expect(planPush([], documents, { hasTemplate: (key) => templates.has(key) }).findings.filter(({ level }) => level === 'error')).toEqual(
    [],
  );
});
