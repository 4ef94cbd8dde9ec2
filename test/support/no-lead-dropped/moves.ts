import * as fc from 'fast-check';
import { POOLS, ROUTING, SLA } from './documents.ts';
import { OWN, PARTNERS } from './firm.ts';

/** A rep, or whoever has one of the open opportunities. */
export type Whom = string | number;

/** Something that happens in the firm, as data: a run that fails is printed as a list of these. `of` picks one of the opportunities it may happen to. */
export type Move = { die?: number | null } & (
  | {
      do: 'hand off';
      account: number | null;
      line: string;
      source: 'form' | 'score' | 'campaign' | 'api';
      pool: string | null;
      urgent: boolean;
    }
  | { do: 'away'; rep: Whom; hours: number | null; standIn: string | null }
  | { do: 'back'; rep: string }
  | { do: 'capacity'; rep: string; open: number | null; perDay: number | null }
  | { do: 'accept'; of: number; second: boolean }
  | { do: 'old link'; of: number }
  | { do: 'reject'; of: number; reason: 'not_now' | 'wrong_person' | 'wrong_rep' | 'junk'; byHand: boolean }
  | { do: 'touch'; of: number }
  | { do: 'snooze'; of: number; hours: number }
  | { do: 'close'; of: number; outcome: 'won' | 'lost' }
  | { do: 'reassign'; of: number; to: string | null }
  | { do: 'pass'; of: number; pool: string }
  | { do: 'give back'; of: number }
  | { do: 'settle'; give: string | null }
  | { do: 'account owner'; account: number; rep: string | null }
  | { do: 'leave'; rep: Whom; to: string | null }
  | { do: 'stay' }
  | { do: 'return' }
  | { do: 'pool'; key: string; version: number }
  | { do: 'routing'; version: number }
  | { do: 'sla'; version: number }
  | { do: 'jump'; minutes: number }
  | { do: 'jump to next' }
  | { do: 'work'; twice: boolean }
);

const of = fc.nat({ max: 7 });
const rep = fc.constantFrom(...OWN);
const anybody = fc.constantFrom(...OWN, ...PARTNERS);
const whom = fc.oneof(anybody, of);
const version = (of: readonly unknown[]) => fc.nat({ max: of.length - 1 });
/** Of what is thrown away half way: before which statement; `often` of ten times. */
const killed = (most: number, often: number) =>
  fc.oneof({ weight: 10 - often, arbitrary: fc.constant(null) }, { weight: often, arbitrary: fc.nat({ max: most }) });
const maybe = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null, freq: 2 });

const handOff = fc.record({
  do: fc.constant('hand off' as const),
  account: maybe(fc.nat({ max: 4 })),
  line: fc.constantFrom('', '', 'spare'),
  source: fc.constantFrom('form' as const, 'score' as const, 'campaign' as const, 'api' as const),
  pool: maybe(fc.constantFrom('sales', 'inside', 'nordic')),
  urgent: fc.boolean(),
  die: killed(25, 1),
});

const answers = [
  ...[1, 2, 3].map(() => fc.record({ do: fc.constant('accept' as const), of, second: fc.boolean() })),
  fc.record({ do: fc.constant('old link' as const), of: fc.nat({ max: 50 }) }),
  fc.record({
    do: fc.constant('reject' as const),
    of,
    reason: fc.constantFrom('not_now' as const, 'wrong_person' as const, 'wrong_rep' as const, 'wrong_rep' as const, 'junk' as const),
    byHand: fc.boolean(),
  }),
  fc.record({ do: fc.constant('touch' as const), of }),
  fc.record({ do: fc.constant('snooze' as const), of, hours: fc.constantFrom(1, 20, 100, 300) }),
  fc.record({ do: fc.constant('close' as const), of, outcome: fc.constantFrom('won' as const, 'lost' as const) }),
  fc.record({ do: fc.constant('reassign' as const), of, to: maybe(anybody) }),
  fc.record({ do: fc.constant('pass' as const), of, pool: fc.constantFrom('nordic', 'nordic', 'sales', 'inside') }),
  fc.record({ do: fc.constant('give back' as const), of }),
];

const people = [
  fc.record({ do: fc.constant('away' as const), rep: whom, hours: maybe(fc.constantFrom(1, 5, 48, 400)), standIn: maybe(rep) }),
  fc.record({ do: fc.constant('back' as const), rep: anybody }),
  fc.record({
    do: fc.constant('capacity' as const),
    rep,
    open: maybe(fc.integer({ min: 1, max: 3 })),
    perDay: maybe(fc.integer({ min: 1, max: 3 })),
  }),
  fc.record({ do: fc.constant('leave' as const), rep: whom, to: maybe(rep) }),
  fc.constant({ do: 'stay' as const }),
  fc.constant({ do: 'return' as const }),
  fc.constant({ do: 'return' as const }),
];

const words = [
  fc
    .constantFrom(...Object.keys(POOLS))
    .chain((key) => fc.record({ do: fc.constant('pool' as const), key: fc.constant(key), version: version(POOLS[key]!) })),
  fc.record({ do: fc.constant('routing' as const), version: version(ROUTING) }),
  fc.record({ do: fc.constant('sla' as const), version: version(SLA) }),
  fc.record({ do: fc.constant('settle' as const), give: maybe(rep) }),
  fc.record({ do: fc.constant('account owner' as const), account: fc.nat({ max: 4 }), rep: maybe(rep) }),
];

const time = [
  fc.record({ do: fc.constant('jump' as const), minutes: fc.constantFrom(3, 12, 40, 120, 600, 2_000, 20_000, 140_000) }),
  fc.record({ do: fc.constant('jump to next' as const) }),
];

const work = fc.record({ do: fc.constant('work' as const), twice: fc.boolean(), die: killed(60, 5) });

/** What happens in a run, in order. */
export const moves = (most: number): fc.Arbitrary<Move[]> =>
  fc.array(
    fc.oneof(
      { weight: 7, arbitrary: handOff },
      { weight: 11, arbitrary: fc.tuple(fc.oneof(...answers), killed(25, 1)).map(([answer, die]) => ({ ...answer, die })) },
      { weight: 4, arbitrary: fc.oneof(...people) },
      { weight: 2, arbitrary: fc.oneof(...words) },
      { weight: 4, arbitrary: fc.oneof(...time) },
      { weight: 7, arbitrary: work },
    ),
    { minLength: 1, maxLength: most, size: 'max' },
  );
