import fc from 'fast-check';
import { campaign } from '../../domain/campaign/document.ts';
import { compile, type Plan } from '../../domain/campaign/plan.ts';

const duration = fc.constantFrom('15m', '4h', '2d', '3bd', '1w');
const date = fc.constantFrom('occasion.starts_at', 'lead.renewal', '$entry.on', '2026-03-09T10:00:00Z');
const condition = fc.constantFrom(
  { stage: 'mql' },
  { event: 'seen', in: '7d' },
  { tag: 'warm' },
  { 'lead.renewal': { before: '2026-03-20' } },
);
const optional = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined });

/** What has no arms, by the key of its kind. */
const plain = {
  send: fc.constantFrom('welcome', { template: 'nudge', notAfter: '2d' }),
  wait: fc.oneof(duration, fc.constantFrom({ until: '09:00' }, { until: { weekday: 'tue', at: '10:00' } })),
  exit: fc.constant('enough'),
  update: fc.constantFrom(
    { 'lead.renewal': '2026-03-12' },
    { tag: { add: ['warm'], remove: 'cold' }, 'account.tier': 2 },
    { stage: 'mql', 'lead.x': '$entry.on' },
  ),
  consent: fc.constantFrom({ topic: 'news', set: 'off' }, { topic: 'news', set: 'on' }),
  start: fc.constantFrom('other', { campaign: 'other', for: { roles: ['decider'], max: 2 }, with: { on: '$entry.on' } }),
  stop: fc.constantFrom('other', { campaign: 'k', for: { max: 1 } }),
  notify: fc.constantFrom({ to: 'owner', text: 'Look' }, { to: 'https://hooks.example.com/x', text: 'Look at {{lead.email}}' }),
};

/** Random lists of every kind of step. The ids are `?`: they are given afterwards, so that they are unique. */
const { list } = fc.letrec<{ list: object[]; step: object }>((tie) => {
  const steps = tie('list');
  const arm = (key: string) => fc.record({ key: fc.constant(key), weight: optional(fc.constantFrom(1, 3)), steps });
  const armed = {
    at: fc.record({
      at: fc.record({
        date,
        offset: optional(fc.constantFrom('-1h', '1d')),
        ifPast: optional(fc.constantFrom('skip', 'now')),
        ifMoved: optional(fc.constantFrom('rearm', 'keep', 'exit')),
      }),
      steps,
    }),
    branch: fc.record({ branch: fc.array(fc.record({ when: condition, steps }), { minLength: 1, maxLength: 3 }) }),
    otherwise: fc.record({ branch: fc.tuple(fc.record({ when: condition, steps }), fc.record({ otherwise: steps })) }),
    waitFor: fc.record({
      waitFor: fc.oneof(
        fc.record({ event: fc.constant('seen'), timeout: duration, since: optional(fc.constantFrom('entry', 'step', '7d')) }),
        fc.record({
          any: fc.tuple(condition, condition),
          timeout: duration,
          until: optional(fc.record({ date, offset: fc.constant('1d') })),
        }),
        fc.record({ event: fc.constant('seen'), until: date }),
      ),
      then: steps,
      onTimeout: steps,
    }),
    split: fc.record({
      split: fc.oneof(
        fc.tuple(arm('a'), arm('b')),
        fc.record({
          arms: fc.tuple(arm('a'), arm('b'), arm('c')),
          metric: fc.constantFrom('clicked', { event: 'seen' }),
          minimum: optional(fc.constant(20)),
        }),
      ),
    }),
    handoff: fc.record({
      handoff: fc.record({
        onAccepted: optional(steps),
        onRejected: optional(
          fc.record({
            junk: fc.oneof(
              steps,
              fc.constant('disqualify'),
              fc.record({ resumeOn: fc.constantFrom('date', '3d'), steps: optional(steps) }),
            ),
          }),
        ),
        timeout: optional(fc.record({ after: duration, steps })),
      }),
    }),
    task: fc.record({
      task: fc.record({
        to: fc.constant('owner'),
        once: optional(fc.constant('account')),
        timeout: optional(duration),
        onOutcome: optional(fc.record({ refused: steps })),
        onTimeout: optional(steps),
      }),
    }),
    webhook: fc.record({ webhook: fc.record({ url: fc.constant('https://crm.example.com/leads'), onFailure: optional(steps) }) }),
  };
  return {
    list: fc.array(tie('step'), { maxLength: 3 }),
    step: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      ...Object.entries(plain).map(([kind, given]) => given.map((one) => ({ id: '?', [kind]: one }))),
      ...Object.values(armed).map((one) => (one as fc.Arbitrary<object>).map((step) => ({ id: '?', ...step }))),
    ),
  };
});

/** Gives every `?` an id of its own, and leaves out what is undefined. */
function named<T>(value: T, counter = { n: 0 }): T {
  if (Array.isArray(value)) return value.map((one: unknown) => named(one, counter)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(
    entries.map(([key, part]) => [key, key === 'id' && part === '?' ? `s${counter.n++}` : named<unknown>(part, counter)]),
  ) as T;
}

/** Random campaign documents, as somebody might have written them, with every kind of step. */
export const campaigns: fc.Arbitrary<object> = fc
  .record({
    key: fc.constant('k'),
    name: fc.constant('K'),
    class: fc.constant('transactional'),
    entry: fc.constant({ event: 'in' }),
    steps: list.filter((steps) => steps.length > 0),
    goal: optional(fc.record({ event: fc.constant('won'), within: optional(fc.constant('30d')), then: list })),
    exitWhen: optional(fc.constant({ stage: 'customer' })),
  })
  .map((document) => named(document));

/** The same, compiled. */
export const plans: fc.Arbitrary<Plan> = campaigns.map((document) => compile(campaign.parse(document), { segment: () => undefined }));
