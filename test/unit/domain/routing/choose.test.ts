import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { choose, type Given, type Person, type Taker, type Unassigned, type Waiting } from '../../../../domain/routing/choose.ts';
import { planned, type Rotation } from '../../../../domain/routing/rotation.ts';
import { standInFor } from '../../../../domain/routing/stand-in.ts';

const names = ['Ana', 'Ben', 'Eva', 'Kai', 'Mia', 'Noa', 'Ola'];
const person = (n: number, also: Partial<Person> = {}): Person => ({
  id: names[n]!.toLowerCase(),
  name: names[n]!,
  present: true,
  standInId: null,
  skills: [],
  languages: [],
  ...also,
});
const lead = (also: Partial<Waiting> = {}): Waiting => ({
  id: 'o1',
  askedRepId: null,
  accountOwnerId: null,
  ownerId: null,
  urgent: false,
  skills: [],
  language: null,
  overdue: false,
  ...also,
});

/** A firm whose pool has these members, the first `members` of the people. */
function firm(people: Person[], takers: Partial<Taker>[] = [], members = people.length) {
  const inPool = people
    .slice(0, members)
    .map(({ id }, n): Taker => ({ id, out: null, roomOpen: Infinity, roomToday: Infinity, ...takers[n] }));
  const rotation: Rotation = {
    given: 0,
    members: inPool.map(({ id }) => ({ id, weight: 1, given: 0, taking: true, planned: null, owed: 0, turns: 0 })),
  };
  const isIn = (id: string) => inPool.find((taker) => taker.id === id)!.out === null;
  return (queue: Waiting[], hasHad: (id: string, rep: string) => boolean = () => false) =>
    choose(queue, { people: new Map(people.map((one) => [one.id, one])), members: inPool, rotation: planned(rotation, isIn), hasHad });
}
const one = (found: ReturnType<typeof choose>) => found.choices[0] as Given & Unassigned;
const away = { out: { why: 'away' as const, from: new Date('2026-11-25T09:00:00Z') } };

describe('who is asked for by name', () => {
  test('gets it whatever the hours and however full; as a member it counts', () => {
    const give = firm([person(0), person(1)], [{ out: { why: 'hours', from: null } }]);
    expect(one(give([lead({ askedRepId: 'ana' })]))).toEqual({ repId: 'ana', counts: true, because: { by: 'asked for' } });
    expect(one(give([lead({ askedRepId: 'ana', ownerId: 'ana' })])).because.by).toBe('account owner');
  });

  test('it goes to the stand-in while they are away, along the chain, member or not; to the rotation where the chain comes back', () => {
    const gone = { present: false };
    const give = firm([person(0, { ...gone, standInId: 'ben' }), person(1, { ...gone, standInId: 'eva' }), person(2)], [away, away], 2);
    expect(one(give([lead({ askedRepId: 'ana' })]))).toEqual({ repId: 'eva', counts: false, because: { by: 'stand-in', for: 'Ana' } });
    const circle = firm([person(0, { ...gone, standInId: 'ben' }), person(1, { ...gone, standInId: 'ana' }), person(2)], [away, away]);
    expect(one(circle([lead({ accountOwnerId: 'ana', ownerId: 'ana' })]))).toMatchObject({ repId: 'eva', because: { by: 'rotation' } });
  });

  test('a chain of stand-ins always ends', () => {
    const chain = fc.array(fc.record({ present: fc.boolean(), standIn: fc.option(fc.nat(5)) }), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(chain, fc.nat(5), (reps, first) => {
        const all = reps.map(({ present, standIn }, n) => ({
          id: String(n),
          present,
          standInId: standIn === null ? null : String(standIn),
        }));
        const found = standInFor(String(first), new Map(all.map((rep) => [rep.id, rep])));
        expect(found?.present ?? true).toBe(true);
        if (all[first]!.present) expect(found!.id).toBe(String(first));
      }),
    );
  });
});

describe('who is passed over', () => {
  test('it says who, why and how many, and names no more than five', () => {
    const many = firm(
      names.map((_, n) => person(n)),
      [{}, ...Array.from({ length: 6 }, () => ({ out: { why: 'hours' as const, from: null } }))],
    );
    expect(one(many([lead()])).because).toEqual({
      by: 'rotation',
      of: 7,
      share: 0.143,
      given: 1,
      behind: -0.857,
      skipped: { hours: { n: 6, names: ['Ben', 'Eva', 'Kai', 'Mia', 'Noa'] } },
    });
  });

  test('who is full takes part no more, even in the midst of a queue; what is left waits for them', () => {
    const give = firm([person(0), person(1)], [{ roomOpen: 1 }, { roomToday: 2 }]);
    const { choices } = give(['a', 'b', 'c', 'd'].map((id) => lead({ id })));
    expect(choices.map((choice) => ('repId' in choice ? choice.repId : null))).toEqual(['ana', 'ben', 'ben', null]);
    expect(choices[3]).toMatchObject({ wait: { full: { n: 1, names: ['Ana'] }, full_today: { n: 1, names: ['Ben'] } }, from: null });
  });

  test('only who has the skills and the language; where nobody has, anybody, and it says so', () => {
    const give = firm([person(0, { skills: ['pumps'], languages: ['de'] }), person(1)], [], 2);
    const german = lead({ skills: ['pumps'], language: 'de' });
    expect(give([german, { ...german, id: 'o2' }]).choices.map((choice) => (choice as Given).repId)).toEqual(['ana', 'ana']);
    expect(one(give([lead({ skills: ['valves'] })])).because).toMatchObject({ despite: 'nobody_can', skipped: { skills: { n: 2 } } });
    const absent = firm([person(0, { skills: ['pumps'], present: false }), person(1)], [away]);
    expect(one(absent([lead({ skills: ['pumps'] })]))).toMatchObject({ lacks: true, from: away.out.from });
    expect(one(absent([lead({ skills: ['pumps'], overdue: true })]))).toMatchObject({ repId: 'ben', because: { despite: 'waited' } });
  });

  test('nobody is offered what they have had already', () => {
    const give = firm([person(0), person(1)]);
    expect(one(give([lead()], (_, rep) => rep === 'ana')).repId).toBe('ben');
    expect(one(give([lead()], () => true)).wait).toEqual({ had: { n: 2, names: ['Ana', 'Ben'] } });
  });
});

describe('what waits', () => {
  const closed = (from: string) => ({ out: { why: 'hours' as const, from: new Date(from) } });

  test('waits until the first of those who may take it is in', () => {
    const give = firm([person(0), person(1)], [closed('2026-11-24T09:00:00Z'), closed('2026-11-24T07:00:00Z')]);
    expect(one(give([lead()])).from).toEqual(new Date('2026-11-24T07:00:00Z'));
    expect(one(give([lead()], (_, rep) => rep === 'ben')).from).toEqual(new Date('2026-11-24T09:00:00Z'));
  });

  test('what is overdue goes to whoever is there, and the rotation is as fair as before', () => {
    const give = firm(
      [person(0), person(1), person(2, { present: false })],
      [closed('2026-11-24T09:00:00Z'), { roomOpen: 0, out: { why: 'full', from: null } }, away],
    );
    const { choices, rotation } = give([lead({ overdue: true }), lead({ id: 'o2', overdue: true }), lead({ id: 'o3' })]);
    expect(choices.map((choice) => ('repId' in choice ? choice.because.despite : 'waits'))).toEqual(['waited', 'waited', 'waits']);
    expect(new Set(choices.flatMap((choice) => ('repId' in choice ? [choice.repId] : [])))).toEqual(new Set(['ana', 'ben']));
    expect(rotation.members.every(({ taking }) => !taking)).toBe(true);
  });

  test('what is urgent may be one more than somebody should have in a day, where nobody else may take it', () => {
    const give = firm([person(0), person(1)], [{ roomToday: 0, out: { why: 'full_today', from: null } }, away]);
    expect(one(give([lead()])).wait).toMatchObject({ full_today: { n: 1 } });
    expect(one(give([lead({ urgent: true })]))).toMatchObject({ repId: 'ana', because: { despite: 'full_today' } });
    // But not more than they may have open.
    const nearlyFull = firm([person(0)], [{ roomToday: 0, roomOpen: 1, out: { why: 'full_today', from: null } }]);
    expect(nearlyFull([lead({ urgent: true }), lead({ urgent: true })]).choices).toMatchObject([
      { repId: 'ana' },
      { wait: { full: { n: 1 } } },
    ]);
  });
});
