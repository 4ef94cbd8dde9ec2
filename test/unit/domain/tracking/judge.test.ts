import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countable } from '../../../../domain/tracking/countable.ts';
import { type Hit, type Sign, signs } from '../../../../domain/tracking/hit.ts';
import { judgeHits } from '../../../../domain/tracking/judge.ts';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const EDGE =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0';
const PROOFPOINT = 'Mozilla/5.0 (compatible; Proofpoint URL Defense)';
const GMAIL = 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)';
const OUTLOOK = 'Mozilla/4.0 (compatible; ms-office; MSOffice rmj)';

let made = 0;
const hit = (given: Partial<Hit> & { s?: number }): Hit => ({
  id: `h${made++}`,
  kind: 'click',
  link: 'study',
  position: 0,
  atMs: (given.s ?? 60) * 1_000,
  sinceAcceptedMs: (given.s ?? 60) * 1_000,
  userAgent: FIREFOX,
  signs: [],
  ...given,
});

/** Who each hit was, in the order given. */
const told = (...hits: Hit[]): string[] => {
  const verdicts = judgeHits(hits);
  return hits.map(({ id }) => {
    const verdict = verdicts.get(id)!;
    return verdict.by === 'human' ? 'human' : verdict.reason;
  });
};

test('somebody opens the mail in the evening, reads, follows two links', () => {
  expect(
    told(
      hit({ kind: 'open', link: null, position: null, s: 3_600 }),
      hit({ s: 3_612 }),
      hit({ link: 'price', position: 2, s: 3_640 }),
      hit({ s: 9_000, userAgent: EDGE }),
    ),
  ).toEqual(['human', 'human', 'human', 'human']);
});

test('a gateway follows every link seconds after delivery; the addressee comes an hour later', () => {
  expect(
    told(
      hit({ link: 'logo', position: 0, s: 20, userAgent: EDGE }),
      hit({ link: 'study', position: 1, s: 20.4, userAgent: EDGE }),
      hit({ link: 'price', position: 2, s: 21.1, userAgent: EDGE }),
      hit({ s: 3_600, userAgent: EDGE }),
    ),
  ).toEqual(['sweep', 'sweep', 'sweep', 'human']);
});

test('a slow scanner goes down the mail link by link, or up', () => {
  const down = [0, 1, 2, 3, 4].map((n) => hit({ link: `l${n}`, position: n, s: 100 + n * 12 }));
  expect(told(...down)).toEqual(Array.from({ length: 5 }, () => 'sequence'));
  const up = [3, 2, 1, 0].map((n, i) => hit({ link: `l${n}`, position: n, s: 100 + i * 12 }));
  expect(told(...up)).toEqual(Array.from({ length: 4 }, () => 'sequence'));
  const reader = [0, 4, 2].map((n, i) => hit({ link: `l${n}`, position: n, s: 100 + i * 12 }));
  expect(told(...reader)).toEqual(['human', 'human', 'human']);
});

test('what one of its hits gives away tells of the others of the same caller', () => {
  expect(
    told(hit({ link: 'trap', position: null, signs: ['trap'], userAgent: EDGE }), hit({ s: 80, userAgent: EDGE }), hit({ s: 81 })),
  ).toEqual(['trap', 'same_caller', 'human']);
  expect(told(hit({ signs: ['head'], userAgent: EDGE }), hit({ s: 61, userAgent: EDGE }))).toEqual(['head', 'same_caller']);
  // A browser that loads ahead is still a person's.
  expect(told(hit({ signs: ['prefetch'] }), hit({ s: 61 }))).toEqual(['prefetch', 'human']);
});

test.each([
  ['click', PROOFPOINT, 'scanner'],
  ['click', OUTLOOK, 'scanner'],
  ['open', OUTLOOK, 'human'],
  ['open', GMAIL, 'proxy'],
  ['open', 'Mozilla/5.0', 'proxy'],
  ['open', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)', 'human'],
  ['click', 'curl/8.5.0', 'program'],
  ['click', 'python-requests/2.32', 'program'],
  ['click', 'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)', 'program'],
  ['click', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/138.0 Safari/537.36', 'program'],
  [
    'click',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    'human',
  ],
  [
    'click',
    'Mozilla/5.0 (Linux; Android 14; CUBOT X70) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Mobile Safari/537.36',
    'human',
  ],
  ['click', 'TelegramBot (like TwitterBot)', 'program'],
  ['click', 'node', 'program'],
  ['click', EDGE, 'human'],
  ['click', '', 'nameless'],
  ['click', null, 'human'],
] as const)('a %s by %s: %s', (kind, userAgent, expected) => {
  expect(told(hit({ kind, userAgent, ...(kind === 'open' && { link: null, position: null }) }))).toEqual([expected]);
});

test('sooner than anybody reads; unless the very person is then seen on the page', () => {
  expect(told(hit({ s: 3 }), hit({ s: 3, link: 'study', signs: ['visited'] }))).toEqual(['too_soon', 'human']);
  expect(told(hit({ s: 3, sinceAcceptedMs: null }))).toEqual(['human']);
  expect(told(hit({ signs: ['visited', 'trap'] }))).toEqual(['trap']);
  expect(told(hit({ signs: ['machine'] }), hit({ s: 61 }))).toEqual(['provider', 'human']);
});

const anyHit: fc.Arbitrary<Hit> = fc
  .record({
    id: fc.uuid(),
    kind: fc.constantFrom('click', 'click', 'open'),
    position: fc.integer({ min: 0, max: 6 }),
    atMs: fc.integer({ min: 0, max: 200_000 }),
    accepted: fc.option(fc.integer({ min: -5_000, max: 60_000 }), { freq: 5 }),
    userAgent: fc.constantFrom(FIREFOX, FIREFOX, EDGE, PROOFPOINT, '', null),
    signs: fc.subarray<Sign>([...signs], { maxLength: 1 }),
  })
  .map(({ accepted, position, ...rest }) => ({
    ...rest,
    link: rest.kind === 'click' ? `l${position}` : null,
    position: rest.kind === 'click' ? position : null,
    sinceAcceptedMs: accepted === null ? null : rest.atMs - accepted,
  }));
const mail = fc.uniqueArray(anyHit, { selector: ({ id }) => id, maxLength: 25 });

test('law: the order in which hits arrive does not matter', () => {
  fc.assert(
    fc.property(
      mail.chain((hits) => fc.tuple(fc.constant(hits), fc.shuffledSubarray(hits, { minLength: hits.length }))),
      ([hits, shuffled]) => {
        expect(new Map(judgeHits(shuffled))).toEqual(new Map(judgeHits(hits)));
      },
    ),
  );
});

test('law: a further hit never makes a person of another, whoever is behind it', () => {
  fc.assert(
    fc.property(mail, mail, (hits, more) => {
      const before = judgeHits(hits);
      const known = new Set(hits.map(({ id }) => id));
      const after = judgeHits([...hits, ...more.filter(({ id }) => !known.has(id))]);
      for (const { id } of hits) if (before.get(id)!.by === 'machine') expect(after.get(id)!.by).toBe('machine');
    }),
  );
});

test('law: what says itself that it is a machine is never a person', () => {
  fc.assert(
    fc.property(mail, (hits) => {
      const verdicts = judgeHits(hits);
      for (const { id, signs: told } of hits) if (told.some((sign) => sign !== 'visited')) expect(verdicts.get(id)!.by).toBe('machine');
    }),
  );
});

test('law: of what a person does, no two that count are the same within a minute, and nothing else is left out', () => {
  const deed = fc.record({
    id: fc.uuid(),
    kind: fc.constant('click' as const),
    link: fc.constantFrom('a', 'b'),
    at: fc.integer({ min: 0, max: 300_000 }).map((ms) => new Date(ms)),
  });
  fc.assert(
    fc.property(fc.array(deed, { maxLength: 8 }), fc.array(deed, { maxLength: 12 }), (early, hits) => {
      const before = countable([], early);
      const counted = countable(before, hits);
      const near = (a: (typeof hits)[number], b: (typeof hits)[number]) =>
        a.link === b.link && Math.abs(a.at.getTime() - b.at.getTime()) < 60_000;
      const all = [...before, ...counted];
      for (const one of counted) expect(all.filter((other) => other !== one && near(one, other))).toEqual([]);
      for (const one of hits) expect(all.some((other) => near(one, other))).toBe(true);
    }),
  );
});
