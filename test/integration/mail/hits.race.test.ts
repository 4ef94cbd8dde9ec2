import { expect, test } from 'vitest';
import { judgeDue } from '../../../db/hit-judgement.ts';
import { setTracking } from '../../../db/lead-tracking.ts';
import { inTransaction } from '../../../db/pool.ts';
import { confirmClicks } from '../../../db/visits.ts';
import { FIREFOX, trackedMail } from '../../support/hits.ts';
import { workspace } from '../../support/workspace.ts';

test('several look at once, people browse, one wants to be left alone: every click counts once, or not at all', async () => {
  const firm = await workspace();
  const mails = await Promise.all(Array.from({ length: 12 }, (_, n) => trackedMail(firm.pool, `p${n}@x.example`, ['study'])));
  await Promise.all(mails.map((mail) => firm.anyone.get(mail.link('study'), FIREFOX)));
  await firm.pool.query('update hit set judge_at_real = now()');
  const visits = mails.map(({ leadId }) => ({ leadId, at: new Date(), url: 'https://firm.example/study', userAgent: null }));
  await Promise.all([
    ...Array.from({ length: 4 }, () => inTransaction(firm.pool, judgeDue)),
    ...visits.slice(0, 6).map((visit) => inTransaction(firm.pool, (tx) => confirmClicks(tx, [visit]))),
    inTransaction(firm.pool, (tx) => confirmClicks(tx, visits.toReversed())),
    inTransaction(firm.pool, (tx) => setTracking(tx, mails[0]!.leadId, false)),
  ]);
  await inTransaction(firm.pool, judgeDue);
  const [first, ...others] = await Promise.all(
    mails.map(async (mail) => ({ hits: await mail.hits(), events: (await mail.events()).length })),
  );
  for (const one of others) expect(one).toEqual({ hits: ['study human'], events: 1 });
  expect(first!.events, 'judged before it was forgotten, or forgotten').toBe(first!.hits.length);
});
