import { expect, test } from 'vitest';
import { lint, type Surroundings } from '../../../../domain/campaign/lint.ts';

const around: Surroundings = { hasTemplate: () => true, hasPool: () => true, hasTopic: () => true, segment: () => undefined };
const findings = (steps: unknown[], more: object = {}) =>
  lint({ key: 'k', name: 'K', class: 'transactional', steps, ...more }, around).findings;

test('a step without an id is told which it might have', () => {
  expect(findings([{ send: 'trial-nudge' }, { wait: '2d' }, { send: { template: 'study' } }])).toEqual(
    ['trial-nudge', 'wait', 'study'].map((id, i) => ({
      level: 'error',
      path: `steps.${i}.id`,
      reason: 'this step has no id',
      mend: `give it one that is unique in the campaign and never change it: id: ${id}`,
    })),
  );
});

test('faults of shape are told as a person would', () => {
  const told = (step: unknown) => findings([step]).map(({ path, reason, mend }) => `${path}: ${reason} → ${mend}`);
  const page = 'see docs/campaign-language.md';
  expect(told({ id: 'a', send: 'x', wait: '2d' })).toEqual(['steps.0: this step says two things: send and wait → make two steps of it']);
  expect(told({ id: 'a', sned: 'x' })).toEqual([
    expect.stringMatching(/^steps.0: this step has none of the keys .* → did you mean 'send'\?$/),
  ]);
  expect(told({ id: 'a', send: { template: 'x', colour: 1 } })).toEqual([
    "steps.0.send: 'colour' is not known here → check the spelling, or leave it out",
  ]);
  expect(told({ id: 'a', send: { class: 'loud' } })).toEqual([
    `steps.0.send.template: is missing → ${page}`,
    `steps.0.send.class: is to be transactional or marketing → ${page}`,
  ]);
  expect(
    told({
      id: 'a',
      split: [
        { key: 'a', weight: 0, steps: [] },
        { key: 'b', steps: 'none' },
      ],
    }),
  ).toEqual([`steps.0.split.0.weight: is to be more than 0 → ${page}`, `steps.0.split.1.steps: is to be a list → ${page}`]);
  expect(findings([{ id: 'a', wait: '1d' }], { priority: 'high', nmae: 'K' }).map(({ reason }) => reason)).toEqual([
    'is to be a number',
    "'nmae' is not known here",
  ]);
  expect(findings([{ id: 'a', wait: '1d' }], { sending: { cap: { per: 'week', max: 0 } } })).toMatchObject([
    { path: 'sending.cap.max', reason: 'is to be at least 1' },
  ]);
});

test('a finding names the very place in the document, however deep', () => {
  const steps = [
    {
      id: 'b',
      branch: [
        { when: { clicked: 'nothing' }, steps: [{ id: 'x', wait: '1d' }] },
        {
          otherwise: [
            {
              id: 'w',
              waitFor: { event: 'a', timeout: '1d' },
              then: [{ id: 'h', handoff: { onRejected: { junk: [{ id: 'x', wait: '1d' }] } } }],
              onTimeout: [{ id: 't', task: { to: 'owner', onOutcome: { no: [{ id: 'bad', send: 'unknown' }] } } }],
            },
          ],
        },
      ],
    },
  ];
  expect(findings(steps).map(({ path }) => path)).toEqual(['steps.0.branch.1.otherwise.0.then.0.handoff.onRejected.junk.0.id']);
  const unique = JSON.parse(JSON.stringify(steps).replace('"id":"x"', '"id":"y"')) as unknown[];
  const { findings: named } = lint({ key: 'k', name: 'K', class: 'transactional', steps: unique }, { ...around, hasTemplate: () => false });
  expect(named.map(({ path }) => path)).toEqual(['steps.0.branch.1.otherwise.0.onTimeout.0.task.onOutcome.no.0', 'steps.0.branch.0.when']);
});

test('who decides by opens is warned, unless they insist; so is who names a segment that does', () => {
  const opens: Surroundings = { ...around, segment: () => ({ event: 'email_opened', in: '30d' }) };
  const warned = (when: object): string[] =>
    lint(
      {
        key: 'k',
        name: 'K',
        class: 'transactional',
        entry: { event: 'asked' },
        steps: [
          { id: 'hello', send: 'welcome' },
          {
            id: 'b',
            branch: [{ when, steps: [{ id: 'w', wait: '1d' }] }, { otherwise: [{ id: 'v', wait: '2d' }] }],
          },
        ],
      },
      opens,
    ).findings.map(({ level, reason, mend }) => `${level}: ${reason.slice(0, 31)} → ${mend}`);
  expect(warned({ opened: 'hello' })).toEqual([
    "warning: 'opened: hello' decides by open → decide by clicks, or insist: opened: { step: hello, trust: true }",
  ]);
  expect(warned({ opened: { step: 'hello', trust: true } })).toEqual([]);
  expect(warned({ clicked: 'hello' })).toEqual([]);
  expect(warned({ not: { segment: 'awake' } })).toEqual([
    "warning: 'event: email_opened' decides b → decide by clicks, or insist: opened: { step: any, trust: true }",
  ]);
});
