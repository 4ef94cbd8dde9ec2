import { expect, test } from 'vitest';
import { handsOver, type Standing } from '../../../../domain/scoring/hand-over.ts';

const now = new Date('2026-03-02T09:00:00Z');
const [yesterday, tomorrow] = [new Date('2026-03-01T09:00:00Z'), new Date('2026-03-03T09:00:00Z')];
const lead: Standing = { stage: 'lead', test: false, openOpportunity: false, resumeAt: null, before: null };

test.each<[string, Partial<Standing>, boolean]>([
  ['never scored before', {}, true],
  ['newly met', { before: { qualified: false, computedAt: yesterday } }, true],
  ['met before already', { before: { qualified: true, computedAt: yesterday } }, false],
  ['lost once, and back', { stage: 'lost' }, true],
  ['a customer', { stage: 'customer' }, false],
  ['disqualified', { stage: 'disqualified' }, false],
  ['a test lead', { test: true }, false],
  ['with sales already', { openOpportunity: true }, false],
  ['rejected until tomorrow', { resumeAt: tomorrow }, false],
  ['met before, and the date has come', { resumeAt: now, before: { qualified: true, computedAt: yesterday } }, true],
  ['met before, and the date was seen before', { resumeAt: yesterday, before: { qualified: true, computedAt: yesterday } }, false],
])('a lead that meets the standard, %s', (_, standing, expected) => {
  expect(handsOver({ ...lead, ...standing }, now)).toBe(expected);
});
