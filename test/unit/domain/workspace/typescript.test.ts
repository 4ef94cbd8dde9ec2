import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { WorkspaceDocument } from '../../../../domain/workspace/folder.ts';
import { workspaceModule } from '../../../../domain/workspace/typescript.ts';

const documents: WorkspaceDocument[] = [
  {
    kind: 'attributes',
    key: 'default',
    body: { lead: { plant_size: 'number' }, account: { tier: { type: 'choice', options: ['one', 'two'] } } },
  },
  { kind: 'events', key: 'default', body: { pricing_viewed: { properties: { page: 'text' } } } },
  { kind: 'topics', key: 'default', body: { topics: [{ key: 'news', name: 'News' }] } },
  { kind: 'pools', key: 'default', body: [{ key: 'inside', name: 'Inside', members: [] }] },
  { kind: 'segment', key: 'rivals', body: { condition: { tag: 'rival' } } },
];

const good = `import { defineCampaign } from './tendril.ts';
export default defineCampaign({
  key: 'typed',
  name: 'Typed',
  topic: 'news',
  entry: { event: 'pricing_viewed', where: { page: 'pumps' }, if: { 'lead.plant_size': { gte: 3 } } },
  reentry: { after: '90d' },
  goal: { event: 'attended', where: { occasion: '$entry.occasion' }, then: [{ id: 'sales', handoff: { pool: 'inside' } }] },
  exitWhen: { any: [{ stage: 'customer' }, { event: 'email_replied', since: 'entry' }] },
  exclude: ['rivals'],
  sending: { window: { days: 'mon-fri', from: '09:00', to: '17:00' }, cap: { per: 'week', max: 2 } },
  steps: [
    { id: 'hello', send: 'welcome' },
    { id: 'w1', wait: '2d' },
    {
      id: 'b',
      branch: [
        { when: { clicked: 'hello', 'account.tier': 'one' }, steps: [{ id: 'more', send: { template: 'welcome', notAfter: '5d' } }] },
        { otherwise: [{ id: 'out', exit: 'not interested' }] },
      ],
    },
    { id: 'p', waitFor: { event: 'pricing_viewed', where: { page: 'prices' }, timeout: '5d' }, onTimeout: [{ id: 't', update: { 'lead.plant_size': 4, tag: 'cold' } }] },
  ],
});
`;

// Each with one name that is not there.
const bad = [
  ["send: 'welcome' },\n    { id: 'w1'", "send: 'welcom' },\n    { id: 'w1'"],
  ["template: 'welcome'", "template: 'welcom'"],
  ["{ event: 'pricing_viewed', where: { page: 'pumps' }", "{ event: 'pricing_view', where: { page: 'pumps' }"],
  ["where: { page: 'pumps' }", "where: { pages: 'pumps' }"],
  ["'lead.plant_size': { gte: 3 }", "'lead.plant_sizes': { gte: 3 }"],
  ["'lead.plant_size': { gte: 3 }", "'lead.plant_size': { gte: true }"],
  ["'account.tier': 'one'", "'account.tier': 'three'"],
  ["topic: 'news'", "topic: 'new'"],
  ["pool: 'inside'", "pool: 'outside'"],
  ["exclude: ['rivals']", "exclude: ['rival']"],
  ["'lead.plant_size': 4", "'lead.plants': 4"],
  ["wait: '2d'", "wait: '2 days'"],
  ["event: 'attended'", "event: 'attend'"],
] as const;

test('a campaign in TypeScript compiles, and does not when it names what is not there', { timeout: 60_000 }, () => {
  const dir = mkdtempSync(join(tmpdir(), 'tendril-types-'));
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'tendril.ts'), workspaceModule(documents, ['welcome', 'case-study']));
  writeFileSync(join(dir, 'good.ts'), good);
  bad.forEach(([from, to], i) => {
    expect(good).toContain(from);
    writeFileSync(join(dir, `bad-${i}.ts`), good.replace(from, to));
  });
  const compiler = join(process.cwd(), 'node_modules/typescript/bin/tsc');
  const options = [
    '--noEmit',
    '--strict',
    '--allowImportingTsExtensions',
    '--module',
    'esnext',
    '--moduleResolution',
    'bundler',
    '--types',
    '',
  ];
  const files = ['good.ts', ...bad.map((_, i) => `bad-${i}.ts`)].map((file) => join(dir, file));
  const { stdout } = spawnSync(process.execPath, [compiler, ...options, ...files], { encoding: 'utf8', cwd: dir });
  const faulty = new Set([...stdout.matchAll(/^(?:.*\/)?([\w-]+\.ts)\(/gm)].map(([, file]) => file));
  expect(
    [...faulty].filter((file) => !file!.startsWith('bad-')),
    stdout,
  ).toEqual([]);
  expect(
    bad.filter((_, i) => !faulty.has(`bad-${i}.ts`)),
    stdout,
  ).toEqual([]);
});
