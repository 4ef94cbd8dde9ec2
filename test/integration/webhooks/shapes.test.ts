import { expect, test } from 'vitest';
import { messageSchema } from '../../../domain/webhooks/payload.ts';
import { addCampaign, addEnrolment, addPerson } from '../../support/ground.ts';
import { receiver } from '../../support/receiver.ts';
import { listen, LOCAL, tellAll, told } from '../../support/webhooks.ts';
import { workspace } from '../../support/workspace.ts';

test('whatever stands in the tables is told with the things it is about, in the documented shape', async () => {
  const firm = await workspace({ env: LOCAL, reps: ['ana'] });
  const { pool } = firm;
  const crm = await receiver();
  await listen(firm, crm.url, ['*']);
  const lead = await addPerson(pool, 'mei@huadong.example');
  const campaign = await addCampaign(pool, 'trial');
  const enrolment = await addEnrolment(pool, campaign, lead);
  const sequence = await addCampaign(pool, 'chase');
  await pool.query(`update campaign set kind = 'sequence' where id = $1`, [sequence.campaignId]);
  const { rows } = await pool.query<{ opportunity: string; task: string }>(
    `with o as (
       insert into opportunity (lead_id, account_id, pool_id, source, state, owner_rep_id, next_look_at, amount, currency, expected_close)
       select l.id, l.account_id, p.id, 'api', 'accepted', r.id, clock(), 1200.5, 'EUR', '2027-05-01' from lead l, pool p, rep r where l.id = $1 returning id),
     t as (
       insert into task (task_key, title, owner_rep_id, lead_id, due_at, next_look_at) select 'k', 'Call them', id, $1, clock(), clock() from rep returning id)
     select o.id as opportunity, t.id as task from o, t`,
    [lead],
  );
  const { opportunity, task } = rows[0]!;
  await pool.query(
    `insert into send (send_key, class, lane, state, lead_id, template, settled_at) values ($1, 'marketing', 'marketing', 'accepted', $2, 'welcome', clock())`,
    [`${enrolment}/hello/1`, lead],
  );
  await pool.query(`insert into consent (lead_id, topic, granted, source) values ($1, 'news', true, 'form')`, [lead]);
  await pool.query(
    `insert into journal (kind, lead_id, campaign_id, enrolment_id, step_id, opportunity_id, because)
     values ('entered', $1, $2, $3, null, null, '{"rule": "entry", "evidence": [{"large": true}]}'),
            ('stepped', $1, $2, $3, 'hello', null, '{"rule": "sent", "mail": "accepted", "reason": null}'),
            ('stepped', $1, $2, $3, 'x', null, '{"rule": "branch"}'),
            ('entered', $1, $4, null, null, null, '{}'),
            ('opportunity_accepted', $1, null, null, null, $5, '{"name": "Ana"}'),
            ('something_new', $1, null, null, null, $5, '{}'),
            ('task_opened', $1, null, null, null, null, jsonb_build_object('task', $6::text))`,
    [lead, campaign.campaignId, enrolment, sequence.campaignId, opportunity, task],
  );
  await pool.query(
    `insert into event (lead_id, name, source, properties) values ($1, 'email_clicked', 'mail', '{"link": "pricing"}'), (null, 'page_viewed', 'segment', '{}')`,
    [lead],
  );
  await pool.query(`insert into event (lead_id, name, source) values ($1, 'opportunity_accepted', 'sales')`, [lead]);
  await tellAll(firm);

  const messages = told(crm.received);
  expect(messages.map(({ type }) => type).toSorted()).toEqual([
    'account.created',
    'campaign.entered',
    'consent.given',
    'lead.created',
    'mail.accepted',
    'mail.clicked',
    'opportunity.accepted',
    'opportunity.something_new',
    'sequence.started',
    'task.created',
  ]);
  for (const { id: _, ...message } of messages) expect(messageSchema(message.type).safeParse(message).error, message.type).toBeUndefined();
  const data = (type: string) => messages.find((one) => one.type === type)!.data;
  expect(data('opportunity.accepted')).toMatchObject({
    opportunity: { amount: 1200.5, currency: 'EUR', expectedClose: '2027-05-01', owner: { key: 'ana' }, pool: 'sales' },
    lead: { email: 'mei@huadong.example', score: { fit: 'B' }, account: { domain: 'huadong.example' } },
  });
  expect(data('campaign.entered')).toMatchObject({ campaign: { key: 'trial', enrolmentId: enrolment }, because: { rule: 'entry' } });
  expect(data('campaign.entered')['because']).not.toHaveProperty('evidence');
  expect(data('mail.accepted')).toMatchObject({ mail: { template: 'welcome', state: 'accepted' }, campaign: { step: 'hello' } });
  expect(data('task.created')).toMatchObject({ task: { title: 'Call them', owner: { key: 'ana' } } });
  expect(data('mail.clicked')).toMatchObject({ event: { properties: { link: 'pricing' } } });
  expect(data('consent.given')).toMatchObject({ consent: { topic: 'news', state: 'granted' } });
});
