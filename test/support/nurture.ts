import { pino } from 'pino';
import { createNurtureActivities } from '../../activities/nurture.ts';
import { createPlans } from '../../activities/plans.ts';
import { createReadyWatch } from '../../activities/ready.ts';
import { requireCampaign } from '../../db/campaigns.ts';
import type { Leaving } from '../../activities/still-wanted.ts';
import type { Loop } from '../../domain/loops.ts';
import type { Look } from '../../workflows/loop.ts';
import type { Workspace } from './workspace.ts';

/** What links in mails are made with. */
export const mailOfTests = { publicUrl: 'http://tendril.test', secret: 'a secret of the tests, long enough' };

/** One look of a campaign's loop, called as the function it is. Answers what it said and whom it poked. */
export async function look(firm: Workspace, campaign: string): Promise<{ look: Look; poked: Loop[] }> {
  const poked: Loop[] = [];
  const { pool } = firm;
  const { advance } = createNurtureActivities({
    pool,
    poke: (loop) => void poked.push(loop),
    plans: createPlans(),
    mail: mailOfTests,
    ready: createReadyWatch({ pool, everyMs: 1 }),
    log: pino({ level: process.env['TENDRIL_TEST_LOG'] ?? 'silent' }),
    lingering: { quietMs: 1 },
  });
  const { id } = await requireCampaign(pool, campaign);
  return { look: await advance({ campaignId: id, from: 0, to: 255 }), poked };
}

/** Settles every queued mail as the delivery loop does once the server has taken it. */
export async function acceptMails(firm: Workspace): Promise<string[]> {
  const { rows } = await firm.pool.query<{ template: string }>(
    `with taken as (update send set state = 'accepted', settled_at = clock() where state = 'queued' and due_at <= clock() returning enrolment_id, template),
     woken as (insert into wake (campaign_id, slot, enrolment_id) select e.campaign_id, e.slot, e.id from taken t join enrolment e on e.id = t.enrolment_id)
     select template from taken order by template`,
  );
  return rows.map((row) => row.template);
}

/** Every mail of the ledger as the last look is told of it. */
export async function leavingMails({ pool }: Workspace): Promise<Leaving[]> {
  const { rows } = await pool.query<Leaving>(
    `select id, send_key as "sendKey", enrolment_id as "enrolmentId", campaign_id as "campaignId", class, due_at as "dueAt" from send order by send_key`,
  );
  return rows;
}
