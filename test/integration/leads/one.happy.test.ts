import { expect, test } from 'vitest';
import { leadDetailSchema } from '../../../api/leads/schema.ts';
import { addCampaign, addEnrolment, addPerson } from '../../support/ground.ts';
import { workspace } from '../../support/workspace.ts';

test('a lead is found by its id and by any address it was ever known by, with all it belongs to', async () => {
  const firm = await workspace({ at: '2027-01-04T09:00:00Z', reps: ['ana'] });
  const id = await addPerson(firm.pool, 'mei@huadong.example');
  await firm.pool.query("insert into lead_identity (kind, value, lead_id) values ('email', 'old@huadong.example', $1)", [id]);
  await addEnrolment(firm.pool, await addCampaign(firm.pool, 'trial'), id);
  await firm.pool.query(
    "insert into consent (lead_id, topic, granted, source) values ($1, 'news', true, 'form'), ($1, 'news', false, 'page')",
    [id],
  );
  await firm.pool.query(
    `with o as (insert into opportunity (lead_id, pool_id, source, next_look_at) select $1, id, 'api', clock() from pool returning id)
     insert into opportunity_lead (opportunity_id, lead_id) select id, $1 from o`,
    [id],
  );

  for (const name of [id, id.toUpperCase(), 'mei@huadong.example', ' MEI@Huadong.example ', 'old@huadong.example']) {
    const answer = await firm.get(`/v1/leads/${encodeURIComponent(name)}`);
    expect(answer).toHaveStatus(200);
    const lead = leadDetailSchema.strict().parse(await answer.json());
    expect(lead).toMatchObject({
      id,
      email: 'mei@huadong.example',
      account: { name: 'Huadong Pumps', domain: 'huadong.example' },
      score: { fit: 'B', engagement: 12.5, computedAt: '2027-01-04T09:00:00.000Z' },
      enrolments: [{ campaign: { key: 'trial' }, state: 'active', stepId: 'hello', dueAt: '2027-01-05T09:00:00.000Z', endedAt: null }],
      opportunities: [{ state: 'queued', owner: null }],
      consents: [{ topic: 'news', granted: false, source: 'page' }],
    });
  }
});

test('a lead of whom little is known has nulls where nothing is', async () => {
  const firm = await workspace();
  const { rows } = await firm.pool.query<{ id: string }>("insert into lead (phone) values ('+86213335555') returning id");
  const lead = leadDetailSchema.strict().parse(await (await firm.get(`/v1/leads/${rows[0]!.id}`)).json());
  expect(lead).toMatchObject({ email: null, account: null, score: null, enrolments: [], opportunities: [], consents: [] });
});
