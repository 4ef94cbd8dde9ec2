import fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createGatherer } from '../../../api/gather.ts';

interface Job {
  id: number;
  who: string;
  bad: boolean;
}
const refused = (bad: Job[]) => Object.assign(new Error(`refused ${bad.map(({ id }) => id).join()}`), { bad });

/** A gatherer whose batches take a few turns of the event loop, and all that it did. */
function setUp({ atOnce = 2, most = 5, enough = 1, lingerMs = 0, away = false } = {}) {
  const batches: number[][] = [];
  const done: Job[] = [];
  let underWay = 0;
  let busiest = 0;
  const gather = createGatherer<Job, string>({
    async run(jobs) {
      batches.push(jobs.map(({ id }) => id));
      busiest = Math.max(busiest, ++underWay);
      await turn();
      await turn();
      underWay--;
      const bad = jobs.filter((job) => job.bad);
      if (bad.length > 0) throw refused(bad);
      done.push(...jobs);
      return jobs.map(({ id }) => `did ${id}`);
    },
    namesOf: ({ who }) => [who],
    divides: () => !away,
    atOnce,
    most,
    enough,
    lingerMs,
  });
  return { gather, batches, done, busiest: () => busiest };
}

test('the first goes at once and alone; those who come meanwhile go together', async () => {
  const { gather, batches } = setUp({ atOnce: 1 });
  const first = gather({ id: 0, who: 'a', bad: false });
  expect(batches).toEqual([[0]]);
  await Promise.all([first, ...[1, 2, 3].map((id) => gather({ id, who: `p${id}`, bad: false }))]);
  expect(batches).toEqual([[0], [1, 2, 3]]);
});

test('one who is refused fails alone; when all are, none is tried twice', async () => {
  const jobs = [0, 1, 2, 3, 4, 5].map((id) => ({ id, who: `p${id}`, bad: id === 3 }));
  const answersOf = async ({ gather }: ReturnType<typeof setUp>) =>
    (await Promise.allSettled(jobs.map(gather))).map((answer) => (answer.status === 'fulfilled' ? answer.value : 'refused'));
  expect(await answersOf(setUp({ atOnce: 1, most: 10 }))).toEqual(['did 0', 'did 1', 'did 2', 'refused', 'did 4', 'did 5']);
  const outage = setUp({ atOnce: 1, most: 10, away: true });
  expect(await answersOf(outage)).toEqual(['did 0', ...Array.from({ length: 5 }, () => 'refused')]);
  expect(outage.batches).toHaveLength(2);
});

test('law: each is answered as if alone, whoever shares a name goes one after the other, and no batch is too large', async () => {
  const job = fc.record({ who: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), bad: fc.boolean(), pause: fc.nat(3) });
  const limits = fc.record({
    atOnce: fc.integer({ min: 1, max: 3 }),
    most: fc.integer({ min: 1, max: 6 }),
    enough: fc.integer({ min: 1, max: 6 }),
    lingerMs: fc.constantFrom(0, 1),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(job, { maxLength: 25 }), limits, async (given, limit) => {
      const { gather, batches, done, busiest } = setUp(limit);
      const answers: Promise<string>[] = [];
      for (const [id, { who, bad, pause }] of given.entries()) {
        answers.push(gather({ id, who, bad }).catch(() => 'refused'));
        for (let turns = 0; turns < pause; turns++) await turn();
      }
      expect(await Promise.all(answers)).toEqual(given.map(({ bad }, id) => (bad ? 'refused' : `did ${id}`)));
      expect(done.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(given.flatMap(({ bad }, id) => (bad ? [] : [id])));
      for (const person of 'abcdef') {
        const order = done.filter(({ who }) => who === person).map(({ id }) => id);
        expect(order).toEqual(order.toSorted((a, b) => a - b));
      }
      for (const batch of batches) {
        expect(batch.length).toBeLessThanOrEqual(limit.most);
        expect(new Set(batch.map((id) => given[id]!.who)).size).toBe(batch.length);
      }
      expect(busiest()).toBeLessThanOrEqual(limit.atOnce);
    }),
    { numRuns: 60 },
  );
});
