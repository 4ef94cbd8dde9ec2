import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createApp } from '../../../api/app.ts';
import type { ApiDeps } from '../../../api/deps.ts';
import { errorCodes } from '../../../domain/errors.ts';
import { readConfig } from '../../../runtime/config.ts';
import { readFileSync } from 'node:fs';

interface Operation {
  summary?: string;
  security?: unknown[];
  parameters?: { in: string; name: string }[];
  requestBody?: unknown;
  responses: Record<string, { content?: Record<string, unknown> }>;
}

const app = createApp({
  config: readConfig({ TENDRIL_ENV: 'test', TENDRIL_SECRET: 'x'.repeat(40) }),
  log: pino({ level: 'silent' }),
} as ApiDeps);
const document = (await (await app.request('/openapi.json')).json()) as { paths: Record<string, Record<string, Operation>> };
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
);

test.each(operations)('$name documents what it may answer', ({ operation }) => {
  const { summary, security, parameters = [], requestBody, responses } = operation;
  const statuses = Object.keys(responses).map(Number);
  expect(summary).toBeTruthy();
  expect(statuses).toEqual(expect.arrayContaining([400, 413, 500, 503]));
  expect(statuses.some((status) => status < 400)).toBe(true);
  if (security) expect(statuses).toEqual(expect.arrayContaining([401, 403]));
  if (requestBody) expect(statuses).toEqual(expect.arrayContaining([415]));
  if (parameters.some((parameter) => parameter.in === 'path' || parameter.in === 'query') || requestBody) {
    expect(statuses.some((status) => status === 422 || status === 404)).toBe(true);
  }
  for (const [status, { content = {} }] of Object.entries(responses)) {
    if (Number(status) >= 400) expect(['application/problem+json', 'text/html']).toEqual(expect.arrayContaining(Object.keys(content)));
  }
});

test('every pattern is one: a schema knows no flags', () => {
  const patterns = [...JSON.stringify(document).matchAll(/"pattern":("(?:[^"\\]|\\.)*")/g)].map(([, text]) => JSON.parse(text!) as string);
  expect(patterns.length).toBeGreaterThan(20);
  for (const pattern of patterns) {
    expect(pattern).not.toMatch(/\/[dgimsuvy]+$/);
    expect(() => new RegExp(pattern, 'u')).not.toThrow();
  }
});

test('every error code is explained in docs/errors.md and on its page', async () => {
  const guide = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
  const page = await (await app.request('/docs/errors')).text();
  for (const [code, { status }] of Object.entries(errorCodes)) {
    expect(guide).toMatch(new RegExp(`\`${code}\` *\\| ${status} `));
    expect(page).toContain(`id="${code}"`);
  }
});
