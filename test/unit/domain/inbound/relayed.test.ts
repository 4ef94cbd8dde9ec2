import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RELAY_LINE, wordsToPass } from '../../../../domain/inbound/relayed.ts';

const publicUrl = 'https://tendril.firm.example';
const forward = [
  'Firm',
  `— ${RELAY_LINE} to answer: what you write goes to them under your name, and nothing from here on —`,
  'Mei Wang has answered',
  'SECRET fit A, engagement 80',
  `Say what came of it ${publicUrl}/task/abc`,
];

/** How mail programs put what they quote below an answer. */
const quotings: Record<string, (words: string) => string> = {
  'with marks': (words) =>
    `${words}\n\nOn Mon, Mar 2, 2026 at 10:00 AM Mei Wang via Firm <hello@firm.example> wrote:\n${forward.map((line) => `> ${line}`).join('\n')}`,
  'in German': (words) =>
    `${words}\n\nAm 02.03.2026 um 10:00 schrieb Mei Wang via Firm <hello@firm.example>:\n\n${forward.map((line) => `> ${line}`).join('\n')}`,
  'under headers': (words) =>
    `${words}\n\nFrom: Mei Wang via Firm <hello@firm.example>\nSent: Monday, March 2, 2026 10:00\nTo: Ana\nSubject: Mei\n\n${forward.join('\n')}`,
  'under a rule': (words) => `${words}\n\n-----Original Message-----\n${forward.join('\n')}`,
  'without a sign': (words) => `${words}\n${forward.join('\n')}`,
  'broken anew': (words) => `${words}\n\n> — ${RELAY_LINE.replace(' ', '\n> ')} to answer\n${forward.slice(2).join('\n')}`,
  'with the signature': (words) => `${words}\n\n-- \nAna Ruiz\n+49 431\n\n> ${forward.join('\n> ')}`,
};

test.for(Object.keys(quotings))('a rep’s own words go on, and nothing of what their program quotes %s', (how) => {
  const passed = wordsToPass(quotings[how]!('Twelve are 9,000 €.\nShall I call?'), { publicUrl })!;
  expect(passed.replace(/\nFirm$/, '')).toBe('Twelve are 9,000 €.\nShall I call?');
});

test('whatever they write, nothing below the line goes on', () => {
  fc.assert(
    fc.property(fc.lorem({ mode: 'sentences', maxCount: 5 }), fc.constantFrom(...Object.values(quotings)), (words, quote) => {
      const passed = wordsToPass(quote(words), { publicUrl });
      expect(passed ?? '').not.toMatch(/SECRET|engagement|\/task\//);
    }),
    { numRuns: 100 },
  );
});

test('where they have written nothing, or what they wrote has our links in it, nothing goes on', () => {
  for (const text of ['', '  \n', forward.join('\n').slice(5), forward.map((line) => `> ${line}`).join('\n'), `See ${publicUrl}/task/abc`])
    expect(wordsToPass(text, { publicUrl })).toBeNull();
});
