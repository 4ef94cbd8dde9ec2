import { campaign } from '../document.ts';
import { entryKinds } from '../entries/index.ts';
import { stepKinds } from '../steps/index.ts';
import { comparisons, leaves, type Written } from './conditions.ts';
import { type KeyRow, keysOf, stepsOfPage } from './keys.ts';
import { rules } from './rules.ts';
import { sending } from './sending.ts';

/** A whole campaign, for the head of the page. */
export const wholeExample = `key: trial # for life
name: Trial
topic: product-news
from: owner
entry: { event: form_submitted, where: { form: trial }, if: { fit: { gte: C } } }
reentry: { after: 90d }
goal: { event: demo_booked, within: 30d, then: [{ id: sales, handoff: { pool: inside } }] }
exitWhen: { stage: customer }
exclude: [competitors]
holdout: 10%
priority: 50
account: { max: 3, overflow: wait }
sending:
  window: { days: mon-fri, from: '09:00', to: '17:00' }
  timezone: lead
  cap: { per: week, max: 2 }
steps:
  - { id: hello, send: welcome }
  - { id: w1, wait: 2d }
  - id: pricing
    waitFor: { event: pricing_viewed, timeout: 5d }
    then: [{ id: hot, handoff: { pool: inside } }]
    onTimeout: [{ id: last, send: last-call }]
`;

const intro = `# The campaign language

<!-- Written by \`npm run docs\` from the schemas in domain/campaign and domain/conditions; every example on it is linted by a test. Change it there. -->

A campaign is a document, YAML or JSON (or \`defineCampaign\` in TypeScript): a tree of steps, so it always ends. \`tendril campaign lint FILE\` says what is
wrong, where, and what to do instead. Keys that are not on this page are errors.`;

/** docs/campaign-language.md: each construct with what it means, an example that works, and its keys, as the schemas have them. */
export function campaignPage(): string {
  return [
    intro,
    yaml(wholeExample),
    '## The document',
    table(keysOf(campaign)),
    '## Entries',
    'What brings people in: one entry or a list of them. None means by hand and by API only. `if` may stand in each: what must hold of the lead at that moment.',
    ...entryKinds.flatMap(({ kind, about, example, schema }) => section(kind, about, example && `entry: ${example}`, keysOf(schema))),
    '## Steps',
    ...stepKinds.flatMap(({ kind, about, example, schema }) =>
      section(
        kind,
        about,
        example,
        keysOf(schema(stepsOfPage)).filter(({ path }) => path !== 'id'),
      ),
    ),
    '## Conditions',
    'Keys of one object are AND; `all: []`, `any: []` and `not: {}` elsewhere.',
    writtenTable('condition', leaves),
    'How a value is compared:',
    writtenTable('comparison', comparisons),
    sending,
    rules,
  ].join('\n\n');
}

const yaml = (text: string): string => `\`\`\`yaml\n${text.trimEnd()}\n\`\`\``;

function section(kind: string, about: string | undefined, example: string | undefined, keys: readonly KeyRow[]): string[] {
  return [
    `### \`${kind}\``,
    ...(about ? [about.replace(/\n/g, ' ')] : []),
    ...(example ? [yaml(example)] : []),
    ...(keys.length > 0 ? [table(keys)] : []),
  ];
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');

function table(rows: readonly KeyRow[]): string {
  const told = rows.map(({ path, takes, default: usual, required, description }) => {
    const notes = [description, usual && `default ${usual}`, required && 'required'].filter(Boolean).join('; ');
    return `| \`${path}\` | ${cell(takes)} | ${cell(notes)} |`;
  });
  return ['| key | takes | |', '| --- | --- | --- |', ...told].join('\n');
}

const writtenTable = (head: string, rows: readonly Written[]): string =>
  [`| ${head} | holds when |`, '| --- | --- |', ...rows.map(({ example, holds }) => `| \`${cell(example)}\` | ${cell(holds)} |`)].join(
    '\n',
  );
