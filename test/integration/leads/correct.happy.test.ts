import { expect, test } from 'vitest';
import { leadDetailSchema } from '../../../api/leads/schema.ts';
import { addCampaign, addEnrolment, addPerson } from '../../support/ground.ts';
import { workspace } from '../../support/workspace.ts';

test('a lead is corrected: the address with its account, the name, the country; what was wrong is looked at again', async () => {
  const firm = await workspace({ at: '2027-01-04T09:00:00Z' });
  const id = await addPerson(firm.pool, 'mei@huadnog.example');
  await addEnrolment(firm.pool, await addCampaign(firm.pool, 'trial'), id);
  const correct = async (path: string, body: object) => {
    const answer = await firm.patch(`/v1/leads/${path}`, body);
    expect(answer).toHaveStatus(200);
    return leadDetailSchema.strict().parse(await answer.json());
  };

  const corrected = await correct('mei@huadnog.example', {
    email: ' Mei@Huadong-Pumps.CN ',
    phone: '021 3333 5555',
    country: '中国',
    lastName: 'Lin',
    firstName: 'Mei',
    timezone: 'Asia/Shanghai',
    company: null,
  });
  expect(corrected).toMatchObject({
    id,
    email: 'mei@huadong-pumps.cn',
    phone: '+862133335555',
    country: 'CN',
    name: 'Mei Lin',
    timezone: 'Asia/Shanghai',
    company: null,
    account: { domain: 'huadong-pumps.cn' },
  });
  const { rows } = await firm.pool.query(
    'select (select count(*)::int from wake) as woken, (select count(*)::int from score_wake where lead_id = $1) as rescored',
    [id],
  );
  expect(rows).toEqual([{ woken: 1, rescored: 1 }]);

  // The address of before still finds the lead; the number of before may be somebody else's.
  expect((await correct('mei@huadnog.example', { phone: '+4930123456' })).phone).toBe('+4930123456');
  const { rows: identities } = await firm.pool.query(`select value from lead_identity where lead_id = $1 order by value`, [id]);
  expect(identities.map(({ value }: { value: string }) => value)).toEqual(['+4930123456', 'mei@huadnog.example', 'mei@huadong-pumps.cn']);
  // An account that did not come from the address stays: she may write from home.
  expect((await correct(id, { email: 'mei.lin@gmail.com' })).account).toBeNull();
  await firm.pool.query('update lead set account_id = (select id from account where domain = $2) where id = $1', [id, 'huadong-pumps.cn']);
  expect((await correct(id, { email: 'mei@elsewhere.example' })).account).toMatchObject({ domain: 'huadong-pumps.cn' });
  const why = await (await firm.get(`/v1/leads/${id}/why`)).text();
  expect(why).toContain('Corrected by hand: phone');
});

test('a test that was real after all comes back into the figures, with its enrolments', async () => {
  const firm = await workspace({ at: '2027-01-04T09:00:00Z' });
  const id = await addPerson(firm.pool, 'kim@aurora.example', { test: true });
  await addEnrolment(firm.pool, await addCampaign(firm.pool, 'trial'), id);
  await firm.pool.query('update enrolment set test = true');
  const listed = async () => ((await (await firm.get('/v1/leads')).json()) as { items: unknown[] }).items.length;
  expect(await listed()).toBe(0);
  expect(await firm.patch(`/v1/leads/${id}`, { test: false })).toHaveStatus(200);
  expect(await listed()).toBe(1);
  expect((await firm.pool.query('select test from enrolment')).rows).toEqual([{ test: false }]);
});
