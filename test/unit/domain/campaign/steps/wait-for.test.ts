import { expect, test } from 'vitest';
import { campaign } from '../../../../../domain/campaign/document.ts';
import { ruleWords } from '../../../../../domain/words/rules.ts';
import { arrived, look, planOf, saw } from '../../../../support/deciding.ts';

const came = '2026-03-02T09:00:00Z';
const arms = { then: [{ id: 'yes', wait: '1d' }], onTimeout: [{ id: 'no', wait: '1d' }] };
const waitFor = (given: object) => planOf([{ id: 'f', waitFor: given, ...arms }]);

test('an event leads on as soon as it is there, its time told', () => {
  const plan = waitFor({ event: 'pricing_viewed', timeout: '5d' });
  const waiting = look(plan, arrived(plan, came), {}, came);
  expect(waiting.decision).toMatchObject({ dueAt: new Date('2026-03-07T09:00:00Z'), position: { waiting: 'event:pricing_viewed' } });
  const seen = look(plan, waiting.enrolment, saw(plan, 'pricing_viewed', '2026-03-04T10:00:00Z'), '2026-03-04T10:00:01Z');
  expect(seen.enrolment.stepId).toBe('yes');
  expect(ruleWords(seen.decision.journal[0]!.because)).toBe('pricing_viewed came on 4 March 2026, 10:00 UTC');
});

test('what came after the time does not count, however late we look', () => {
  const plan = waitFor({ event: 'pricing_viewed', timeout: '5d' });
  const late = look(plan, arrived(plan, came), saw(plan, 'pricing_viewed', '2026-03-07T09:00:01Z'), '2026-03-07T12:00:00Z');
  expect(late.enrolment).toMatchObject({ stepId: 'no', arrivedAt: new Date('2026-03-07T09:00:00Z') });
});

test('any of several, events and facts', () => {
  const plan = waitFor({ any: [{ event: 'called', count: 2 }, { stage: 'mql' }], timeout: '5d' });
  expect(look(plan, arrived(plan, came), { stage: 'mql' }, came).enrolment.stepId).toBe('yes');
  expect(look(plan, arrived(plan, came), saw(plan, 'called', came, came), came).enrolment.stepId).toBe('yes');
  expect(look(plan, arrived(plan, came), saw(plan, 'called', came), came).enrolment.stepId).toBe('f');
});

test('until a date, whichever comes first; a date nobody knows ends it at once where there is no timeout', () => {
  const until = { date: 'occasion.ends_at', offset: '1d' };
  const ends = { dates: { 'occasion.ends_at': new Date('2026-03-04T16:00:00Z') } };
  const plan = waitFor({ event: 'attended', until });
  expect(look(plan, arrived(plan, came), ends, came).decision.dueAt).toEqual(new Date('2026-03-05T16:00:00Z'));
  const unknown = look(plan, arrived(plan, came), {}, came);
  expect(unknown.enrolment.stepId).toBe('no');
  expect(ruleWords(unknown.decision.journal[0]!.because)).toContain('not known');
  const both = waitFor({ event: 'attended', until, timeout: '1d' });
  expect(look(both, arrived(both, came), ends, came).decision.dueAt).toEqual(new Date('2026-03-03T09:00:00Z'));
  expect(look(both, arrived(both, came), {}, came).decision.dueAt).toEqual(new Date('2026-03-03T09:00:00Z'));
});

test('who comes when the date is past goes on at once, and what follows counts from when they came', () => {
  const plan = waitFor({ event: 'attended', until: 'occasion.ends_at' });
  const { enrolment, decision } = look(
    plan,
    arrived(plan, came),
    { dates: { 'occasion.ends_at': new Date('2026-01-15T16:00:00Z') } },
    came,
  );
  expect(enrolment).toMatchObject({ stepId: 'no', arrivedAt: new Date(came) });
  expect(decision.dueAt).toEqual(new Date('2026-03-03T09:00:00Z'));
});

test('what becomes true with time alone is looked at daily', () => {
  const plan = waitFor({ 'lead.renewal': { before: '2026-03-01' }, timeout: '5d' });
  expect(look(plan, arrived(plan, came), {}, came).decision.dueAt).toEqual(new Date('2026-03-03T09:00:00Z'));
});

test.each([
  [{ event: 'x' }, 'has a timeout'],
  [{ timeout: '5d' }, 'says something'],
  [{ event: 'x', timout: '5d' }, 'has a timeout'],
  [{ event: 'x', timeout: '5d', sinse: 'step' }, "'sinse' is not something a condition can look at"],
  [{ clicked: { stepp: 'x' }, timeout: '5d' }, ''],
])('%j is refused', (given, reason) => {
  const parsed = campaign.safeParse({ key: 'k', name: 'K', class: 'transactional', steps: [{ id: 'f', waitFor: given }] });
  expect(parsed.error!.issues[0]!.message).toContain(reason);
});
