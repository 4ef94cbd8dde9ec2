import { expect, test } from 'vitest';
import { putReps, setAbsence } from '../../../db/reps.ts';
import { bodyOf, lookingAfter, mailsAbout, opportunity, story } from '../../support/sales.ts';
import { workspace } from '../../support/workspace.ts';

interface Opportunity {
  id: string;
  pool: string;
  rule: string;
  urgent: boolean;
  asked: { key: string } | null;
  routing: { words: string; facts: string[]; rep: string | null; vip: boolean; data: Record<string, unknown> };
}

const rules = [
  { key: 'account-owner', name: 'Whoever has the account', to: { owner: 'account' } },
  { key: 'open-opportunity', to: { owner: 'opportunity' } },
  { key: 'alpen', name: 'Named accounts', when: { accounts: ['alpen.example'] }, to: { rep: 'eva' } },
  { key: 'large', when: { employees: { gte: 500 } }, vip: true },
  { key: 'munich', when: { country: 'DE', postcode: ['80-86'] }, to: { rep: 'ben', pool: 'south' } },
  {
    key: 'south',
    name: 'The South',
    when: [{ country: ['IT', 'ES'] }, { country: 'DE', 'lead.title': { contains: 'buyer' } }],
    to: { pool: 'south', language: 'lead' },
  },
];

/** Ana and Ben in the pool `sales`, Ben and Eva in `south`, Mia manages; four firms. */
async function firmOf() {
  const firm = await workspace({ reps: ['ana', 'ben'], at: '2026-11-23T09:00:00Z' });
  await putReps(firm.pool, [
    { key: 'eva', name: 'Eva', email: 'eva@firm.example' },
    { key: 'mia', name: 'Mia', email: 'mia@firm.example', manager: true },
  ]);
  expect(await firm.put('/v1/pools/south', { name: 'South', members: [{ rep: 'ben' }, { rep: 'eva' }] })).toHaveStatus(200);
  expect(await firm.put('/v1/routing', { rules })).toHaveStatus(200);
  await firm.pool.query(
    `with firms as (
       insert into account (name, domain, country, attributes)
       select n, d, c, a from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[]) as f (n, d, c, a) returning id, domain)
     insert into lead (email, name, country, title, locale, account_id, attributes)
     select p.who || '@' || p.domain, initcap(p.who), p.country, p.title, p.locale, f.id, coalesce(p.attributes, '{}')
       from unnest($5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::jsonb[]) as p (who, domain, country, title, locale, attributes)
       join firms f using (domain)`,
    [
      ['Alpen', 'Isar', 'Riva', 'Kiel'],
      ['alpen.example', 'isar.example', 'riva.example', 'kiel.example'],
      ['CH', 'DE', 'IT', 'DE'],
      ['{}', '{"postal_code": "D-80331"}', '{"employees": 900}', '{}'],
      ['heidi', 'xaver', 'chiara', 'davide', 'hinnerk', 'okke'],
      ['alpen.example', 'isar.example', 'riva.example', 'riva.example', 'kiel.example', 'kiel.example'],
      [null, null, null, null, 'DE', null],
      [null, null, null, null, 'Senior Buyer', 'Engineer'],
      [null, null, 'it-IT', null, null, null],
      [null, null, null, null, null, null],
    ],
  );
  const over = async (lead: string, how: object = {}) => {
    const { id } = await bodyOf<Opportunity>(firm.post('/v1/opportunities', { lead, ...how }));
    return bodyOf<Opportunity>(firm.get(`/v1/opportunities/${id}`));
  };
  return { ...firm, over };
}

test('each finds its rep by the first rule that holds, and the opportunity, why and the card say which', async () => {
  const firm = await firmOf();
  expect(await firm.over('heidi@alpen.example')).toMatchObject({ rule: 'alpen', pool: 'sales', asked: { key: 'eva' } });
  expect(await firm.over('okke@kiel.example')).toMatchObject({ rule: 'catch-all', pool: 'sales', asked: null });
  const south = await firm.over('chiara@riva.example');
  expect(south).toMatchObject({
    rule: 'south',
    pool: 'south',
    asked: null,
    routing: { vip: true, data: { language: 'it', vip: 'large' } },
  });
  const munich = await firm.over('xaver@isar.example');
  expect(munich).toMatchObject({
    rule: 'munich',
    pool: 'south',
    asked: { key: 'ben' },
    routing: { words: 'to ben, in the pool south, by the rule ‘munich’' },
  });
  expect(munich.routing.facts).toEqual([
    'yes: country: DE (wanted: DE)',
    'yes: postcode: D-80331 (wanted: 80-86)',
    'not ‘account-owner’: nobody has the account',
    'not ‘open-opportunity’: nobody has another opportunity of the account',
    'not ‘alpen’: account: isar.example (wanted: alpen.example)',
  ]);
  const { items } = await bodyOf<{ items: { kind: string; words: string }[] }>(firm.get('/v1/leads/xaver@isar.example/why'));
  expect(items.find(({ kind }) => kind === 'handed_off')!.words).toBe(
    'Handed to sales: by hand; routed to ben, in the pool south, by the rule ‘munich’',
  );
  await lookingAfter(firm.pool).lookAfter({ opportunityId: munich.id });
  expect(await opportunity(firm.pool, munich.id)).toMatchObject({ owner: 'ben' });
  const { rows } = await firm.pool.query(
    `select params -> 'card' ->> 'routed' as routed from send where template = 'rep-lead-card' and opportunity_id = $1`,
    [munich.id],
  );
  expect(rows).toEqual([{ routed: 'Routed by ‘munich’.' }]);
});

test('a pool that was asked for comes before territories, not before named accounts or who has the account', async () => {
  const firm = await firmOf();
  expect(await firm.over('chiara@riva.example', { pool: 'sales' })).toMatchObject({ rule: 'asked', pool: 'sales' });
  expect(await firm.over('heidi@alpen.example', { pool: 'south' })).toMatchObject({ rule: 'alpen', pool: 'south', asked: { key: 'eva' } });
  const { rows } = await firm.pool.query<{ id: string }>(`select id from account where domain = 'kiel.example'`);
  expect(await firm.put(`/v1/accounts/${rows[0]!.id}/owner`, { rep: 'eva' })).toHaveStatus(200);
  expect(await firm.over('okke@kiel.example', { pool: 'sales' })).toMatchObject({
    rule: 'account-owner',
    asked: { key: 'eva' },
    routing: { words: 'to eva (who has the account), in the pool sales, by the rule ‘Whoever has the account’' },
  });
});

test('the green channel stands before the urgent, and the managers hear of it at once, once', async () => {
  const firm = await firmOf();
  await setAbsence(firm.pool, 'ben', new Date('2026-11-01T00:00:00Z'), null);
  await setAbsence(firm.pool, 'eva', new Date('2026-11-01T00:00:00Z'), null);
  await firm.over('heidi@alpen.example', { pool: 'south', urgent: true });
  const green = await firm.over('chiara@riva.example');
  expect(await mailsAbout(firm.pool, green.id)).toEqual(['vip-lead → mia']);
  expect(await story(firm.pool, green.id)).toEqual(['handed_off', 'green_channel']);
  await firm.over('davide@riva.example');
  expect(await mailsAbout(firm.pool, green.id)).toEqual(['vip-lead → mia']);
  const { rows } = await firm.pool.query(
    `select email from opportunity o join lead l on l.id = o.lead_id order by o.vip desc, o.urgent desc, o.created_at limit 1`,
  );
  expect(rows).toEqual([{ email: 'chiara@riva.example' }]);
});

test('what a rep passes on as not theirs goes through the rules again without them', async () => {
  const firm = await firmOf();
  const munich = await firm.over('xaver@isar.example');
  const { lookAfter } = lookingAfter(firm.pool);
  await lookAfter({ opportunityId: munich.id });
  expect(await firm.post(`/v1/opportunities/${munich.id}/reject`, { reason: 'wrong_rep', rep: 'ben' })).toHaveStatus(200);
  const again = await bodyOf<Opportunity>(firm.get(`/v1/opportunities/${munich.id}`));
  expect(again).toMatchObject({ rule: 'catch-all', pool: 'sales', asked: null });
  expect(again.routing.facts).toContain('not ‘munich’: ben has passed it on');
  await lookAfter({ opportunityId: munich.id });
  expect(await opportunity(firm.pool, munich.id)).toMatchObject({ state: 'offered', owner: 'ana' });
});

test('before it is put into force a change is tried over what was handed over lately, and asked of one lead', async () => {
  const firm = await firmOf();
  for (const lead of ['heidi@alpen.example', 'okke@kiel.example', 'chiara@riva.example']) await firm.over(lead);
  const document = { rules: [...rules, { key: 'kiel', when: { country: 'DE' }, to: { pool: 'south' } }] };
  expect(await bodyOf(firm.post('/v1/routing/try', { document }))).toMatchObject({
    looked: 3,
    changed: 1,
    complete: true,
    moves: [{ from: { rule: 'catch-all', pool: 'sales' }, to: { rule: 'kiel', pool: 'south' }, count: 1 }],
    pools: [
      { key: 'south', before: 1, after: 2 },
      { key: 'sales', before: 2, after: 1 },
    ],
    reps: [{ key: 'eva', before: 1, after: 1 }],
    sample: [
      {
        email: 'okke@kiel.example',
        before: 'to the pool sales, as no rule held',
        after: 'to the pool south, by the rule ‘kiel’',
      },
    ],
  });
  expect(await bodyOf(firm.post('/v1/routing/try', { document: { rules }, days: 7 }))).toMatchObject({ looked: 3, changed: 0, sample: [] });
  expect(await bodyOf(firm.post('/v1/routing/explain', { email: 'okke@kiel.example', document }))).toMatchObject({
    rule: 'kiel',
    pool: 'south',
    joins: { owner: null },
  });
  expect(await bodyOf(firm.post('/v1/routing/explain', { email: 'xaver@isar.example' }))).toMatchObject({
    rule: 'munich',
    rep: 'ben',
    joins: null,
  });
});

test('two reps at one account are noted once, a manager mailed once, and settled: both go on, or one gets it', async () => {
  const firm = await firmOf();
  const { lookAfter } = lookingAfter(firm.pool);
  const take = async (lead: string, how: object, rep: string) => {
    const { id } = await firm.over(lead, how);
    expect(await firm.post(`/v1/opportunities/${id}/reassign`, { rep })).toHaveStatus(200);
    await lookAfter({ opportunityId: id });
    expect(await firm.post(`/v1/opportunities/${id}/accept`, { rep })).toHaveStatus(200);
    return id;
  };
  const open = async () =>
    (
      await bodyOf<{ items: { id: string; kind: string; rep: { key: string }; other: { key: string } }[] }>(
        firm.get('/v1/routing/conflicts'),
      )
    ).items;
  await take('okke@kiel.example', {}, 'ana');
  expect(await open()).toEqual([]);
  const spares = await take('hinnerk@kiel.example', { productLine: 'spares' }, 'eva');
  const [conflict] = await open();
  expect(await open()).toMatchObject([{ kind: 'account_owner', opportunityId: spares, rep: { key: 'ana' }, other: { key: 'eva' } }]);
  expect(await firm.post(`/v1/routing/conflicts/${conflict!.id}/settle`, { keep: 'both' })).toHaveStatus(200);
  expect(await firm.post(`/v1/routing/conflicts/${conflict!.id}/settle`, { keep: 'both' })).toHaveStatus(409);
  expect(await firm.put(`/v1/accounts/${await accountOf(firm.pool, spares)}/owner`, { rep: 'ana' })).toHaveStatus(200);
  expect(await open()).toEqual([]);

  const service = await take('hinnerk@kiel.example', { productLine: 'service' }, 'ben');
  const [first] = (await open()).filter(({ rep }) => rep.key === 'ana');
  expect(await bodyOf(firm.post(`/v1/routing/conflicts/${first!.id}/settle`, { rep: 'eva', note: 'hers' }))).toMatchObject({
    outcome: 'given',
    givenTo: { key: 'eva' },
    settledBy: 'admin',
  });
  await lookAfter({ opportunityId: service });
  expect(await opportunity(firm.pool, service)).toMatchObject({ state: 'offered', owner: 'eva' });
  expect((await mailsAbout(firm.pool, spares)).filter((mail) => mail.startsWith('routing-conflict'))).toEqual(['routing-conflict → mia']);
  expect(await story(firm.pool, service)).toContain('conflict_settled');

  // The account gets another owner while two of them work on it.
  expect(await firm.put(`/v1/accounts/${await accountOf(firm.pool, spares)}/owner`, { rep: 'ben' })).toHaveStatus(200);
  expect((await open()).filter(({ rep }) => rep.key === 'ben').map(({ kind, other }) => [kind, other.key])).toEqual([
    ['account_owner', 'eva'],
    ['account_owner', 'ana'],
  ]);

  // By whatever way somebody else has it now, it is told once: Ana accepted, Eva was given it, Ben was named.
  const { rows: owned } = await firm.pool.query(`select because - 'account' as because from journal where kind = 'account_told'`);
  expect(owned.map(({ because }) => because)).toEqual([{ fields: ['owner'] }, { fields: ['owner'] }, { fields: ['owner'] }]);
});

test('a lead whose firm has the name of an account that is somebody’s is noted, and goes its own way', async () => {
  const firm = await firmOf();
  await firm.pool.query(`update account set owner_rep_id = (select id from rep where key = 'eva') where domain = 'alpen.example'`);
  await firm.pool.query(
    `insert into lead (email, company, account_hint_id) select 'heidi@mail.example', 'Alpen AG', id from account where domain = 'alpen.example'`,
  );
  const { id, rule } = await firm.over('heidi@mail.example');
  expect(rule).toBe('catch-all');
  expect(await bodyOf(firm.get('/v1/routing/conflicts'))).toMatchObject({
    items: [{ kind: 'name_hint', opportunityId: id, rep: { key: 'eva' }, other: null }],
  });
});

async function accountOf(pool: Parameters<typeof story>[0], id: string): Promise<string> {
  return (await pool.query<{ id: string }>('select account_id as id from opportunity where id = $1', [id])).rows[0]!.id;
}
