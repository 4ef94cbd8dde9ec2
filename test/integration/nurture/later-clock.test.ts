import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { advanceBatch } from '../../../activities/advance.ts';
import { createPlans } from '../../../activities/plans.ts';
import { loopCampaign, requireCampaign } from '../../../db/campaigns.ts';
import { lockReady } from '../../../db/enrolments.ts';
import { inTransaction } from '../../../db/pool.ts';
import { campaignOf, launch, standing, topics } from '../../support/campaigns.ts';
import { look, mailOfTests } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { workspace } from '../../support/workspace.ts';

const MEI = { email: 'mei@huadong.example' };

test('an event whose transaction began after ours but was committed before we read counts, though its clock is ahead of ours', async () => {
  const firm = await workspace({ documents: topics });
  const steps = [
    {
      id: 'pricing',
      waitFor: { event: 'pricing_viewed', timeout: '5d' },
      then: [{ id: 'saw', exit: 'saw prices' }],
      onTimeout: [{ id: 'not', exit: 'did not' }],
    },
  ];
  await launch(firm, campaignOf({ steps }));
  await happen(firm.pool, 'signed_up', [MEI]);
  await look(firm, 'trial');

  const range = { campaignId: (await requireCampaign(firm.pool, 'trial')).id, from: 0, to: 255 };
  await inTransaction(firm.pool, async (tx) => {
    const campaign = (await loopCampaign(tx, range))!;
    await pause(20);
    await happen(firm.pool, 'pricing_viewed', [MEI]);
    await advanceBatch(tx, createPlans(), range, campaign, await lockReady(tx, range, 10), mailOfTests);
  });
  await look(firm, 'trial');
  expect(await standing(firm, 'trial', MEI.email)).toMatchObject([{ state: 'exited', endReason: 'saw prices' }]);
});
