import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { calendarDocument } from '../../../../../domain/calendar/calendar.ts';
import { lint } from '../../../../../domain/campaign/lint.ts';
import { aroundExample, calendarExample, sendingExample } from '../../../../../domain/campaign/page/sending.ts';
import { sendingDocument } from '../../../../../domain/campaign/sending.ts';

test('the documents and keys that the page shows are taken as they stand', () => {
  expect(sendingDocument.parse(parse(sendingExample))).toMatchObject({ complaint: '30d', caps: [{ of: 'person' }, { of: 'account' }, {}] });
  expect(calendarDocument.parse(parse(calendarExample))).toMatchObject({
    holidays: { DE: ['2026-10-03'] },
    pauses: [{ to: '2026-08-02' }],
  });
  const campaign = { key: 'k', name: 'K', topic: 'news', goal: { event: 'booked' }, steps: [{ id: 'a', wait: '1d' }] };
  const around = { segment: () => undefined, hasTemplate: () => true, hasPool: () => true, hasTopic: () => true };
  expect(lint({ ...campaign, ...(parse(aroundExample) as object) }, around).findings).toEqual([]);
});
