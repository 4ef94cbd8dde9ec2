import { expect, test } from 'vitest';
import { addCampaign, addPerson } from '../../support/ground.ts';
import { workspace } from '../../support/workspace.ts';

test('the timeline merges events, mails, decisions, submissions, opportunities and consents by time, page by page', async () => {
  const firm = await workspace({ at: '2027-01-04T09:00:00Z', reps: ['ana'] });
  const id = await addPerson(firm.pool, 'mei@huadong.example');
  const { campaignId } = await addCampaign(firm.pool, 'trial');
  const hours = (n: number): string => `2027-01-04T${String(n).padStart(2, '0')}:00:00Z`;
  await firm.pool.query(
    "insert into submission (form_key, provider, raw, state, lead_id, received_at) values ('trial', 'json', '{}', 'accepted', $1, $2)",
    [id, hours(1)],
  );
  await firm.pool.query(
    "insert into event (at, lead_id, name, source, properties) values ($2, $1, 'form_submitted', 'form', '{\"form\": \"trial\"}'), ($3, $1, 'page_viewed', 'web', '{}')",
    [id, hours(2), hours(5)],
  );
  await firm.pool.query(
    'insert into journal (at, kind, lead_id, campaign_id, because) values ($3, \'entered\', $1, $2, \'{"rule": "entry"}\')',
    [id, campaignId, hours(3)],
  );
  await firm.pool.query(
    "insert into send (send_key, class, lane, lead_id, campaign_id, template, queued_at) values ('x/hello/1', 'marketing', 'marketing', $1, $2, 'welcome', $3)",
    [id, campaignId, hours(4)],
  );
  await firm.pool.query(
    `with o as (insert into opportunity (lead_id, pool_id, source, next_look_at, created_at) select $1, id, 'api', clock(), $2 from pool returning id)
     insert into opportunity_lead (opportunity_id, lead_id) select id, $1 from o`,
    [id, hours(6)],
  );
  await firm.pool.query("insert into consent (lead_id, topic, granted, source, at) values ($1, 'news', true, 'form', $2)", [id, hours(7)]);

  const seen: string[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page = (await (await firm.get(`/v1/leads/${id}/timeline?limit=2${cursor && `&cursor=${cursor}`}`)).json()) as {
      items: { at: string; kind: string; what: string }[];
      nextCursor: string | null;
    };
    seen.push(...page.items.map(({ at, kind, what }) => `${at.slice(11, 13)} ${kind} ${what}`));
    cursor = page.nextCursor;
  }
  expect(seen).toEqual([
    '07 consent news',
    '06 opportunity queued',
    '05 event page_viewed',
    '04 mail welcome',
    '03 decision entered',
    '02 event form_submitted',
    '01 submission trial',
  ]);
});
