import { expect, test } from 'vitest';
import { putReps } from '../../../db/reps.ts';
import { handOverAll } from '../../support/leaving.ts';
import { bodyOf, lookingAfter, opportunity } from '../../support/sales.ts';
import { workspace } from '../../support/workspace.ts';

const rules = [
  { key: 'account-owner', to: { owner: 'account' } },
  { key: 'key-accounts', name: 'Named accounts', when: { accounts: ['alpen.example', 'kiel.example'] }, to: { rep: 'cleo' } },
  { key: 'overseas', when: { country: 'US' }, to: { pool: 'nord' } },
  { key: 'france', when: { country: 'FR' }, to: { rep: 'ana' } },
  { key: 'norway', when: { country: 'NO' }, to: { rep: 'pia' } },
  { key: 'empty', when: { accounts: ['riva.example'] }, to: { pool: 'empty' } },
  {
    key: 'south',
    name: 'The South',
    when: [
      { country: ['IT', 'DE'], region: 'Lombardia', industry: 'water', employees: { gte: 50 } },
      { 'lead.email': 'luca@visitor.example' },
    ],
    to: { pool: 'south', language: 'it' },
  },
];

interface Heirs {
  heirs: { rep: { key: string }; by: string[] }[];
  left: Record<string, number>;
}

/** Ana leaves, Ben is in her pool, Dora and Emil share the south; Cleo has the named accounts; Ole, Per and Pia are of another firm. */
async function firmOf() {
  const firm = await workspace({ reps: ['ana', 'ben'], at: '2026-11-23T09:00:00Z' });
  const rep = (key: string, more: object = {}) => ({ key, name: key, email: `${key}@firm.example`, ...more });
  await putReps(firm.pool, [
    rep('cleo'),
    rep('dora'),
    rep('emil', { languages: ['it'] }),
    rep('ole', { partner: 'Pumpen Nord' }),
    rep('per', { partner: 'Pumpen Nord' }),
    rep('pia', { partner: 'Pumpen Nord' }),
  ]);
  expect(await firm.put('/v1/pools/south', { name: 'South', members: [{ rep: 'dora' }, { rep: 'emil' }] })).toHaveStatus(200);
  expect(await firm.put('/v1/pools/empty', { name: 'Nobody', members: [] })).toHaveStatus(200);
  const partner = { name: 'Pumpen Nord', returnAfter: '5bd' };
  expect(
    await firm.put('/v1/pools/nord', { name: 'Nord', partner, members: [{ rep: 'ole' }, { rep: 'per' }, { rep: 'pia' }] }),
  ).toHaveStatus(200);
  expect(await firm.put('/v1/routing', { rules })).toHaveStatus(200);
  await firm.pool.query(
    `with firms as (
       insert into account (name, domain, country, owner_rep_id, attributes)
       select split_part(d, '.', 1), d, c, (select id from rep where key = o),
              case when c = 'IT' then '{"region": "lombardia", "industry": "Water", "employees": "120"}'::jsonb else '{}' end from unnest($1::text[], $2::text[], $3::text[]) as f (d, c, o) returning id, domain)
     insert into lead (email, name, account_id, country) select 'mei@' || domain, 'Mei', id, case domain when 'riva.example' then 'US' end from firms where domain <> 'alpen.example'`,
    [
      ['alpen.example', 'kiel.example', 'riva.example', 'ohio.example', 'paris.example', 'oslo.example', 'bergen.example'],
      ['CH', 'DE', 'IT', 'US', 'FR', 'NO', 'NO'],
      ['ana', 'ana', 'ana', 'ana', 'ana', 'ana', 'cleo'],
    ],
  );
  const over = async (lead: string, productLine = '') =>
    (await bodyOf(firm.post('/v1/opportunities', { lead, ...(productLine && { productLine }) }))).id;
  const { lookAfter } = lookingAfter(firm.pool);
  const give = async (id: string, to: string, accept = true) => {
    await firm.post(`/v1/opportunities/${id}/reassign`, { rep: to });
    await lookAfter({ opportunityId: id });
    if (accept) expect(await firm.post(`/v1/opportunities/${id}/accept`, { rep: to })).toHaveStatus(200);
    return id;
  };
  const owners = async () =>
    Object.fromEntries(
      (
        await firm.pool.query<{ name: string; key: string }>(
          'select a.name, r.key from account a join rep r on r.id = a.owner_rep_id order by a.name',
        )
      ).rows.map(({ name, key }) => [name, key]),
    );
  return { ...firm, over, give, owners, lookAfter };
}

test('what has no heir goes where the routing rules say: by name, by territory and language, else by turn; each says by which', async () => {
  const firm = await firmOf();
  // Ben works on another product line of Oslo's; Bergen is Cleo's, and Ana has an opportunity of it. Kiel has asked about spares, which Ana has not answered.
  await firm.give(await firm.over('mei@oslo.example', 'spares'), 'ben');
  const bergen = await firm.give(await firm.over('mei@bergen.example'), 'ana');
  const kiel = await firm.give(await firm.over('mei@kiel.example', 'spares'), 'ana', false);
  await firm.put('/v1/leads/by/crm/1', { email: 'luca@visitor.example', country: 'IT' });
  const luca = await firm.give(await firm.over('luca@visitor.example'), 'ana', false);

  const preview = await bodyOf<Heirs>(firm.post('/v1/reps/ana/offboard', { dryRun: true }));
  expect(await firm.post('/v1/reps/ana/offboard', {})).toHaveStatus(202);
  await handOverAll(firm, 'ana');
  const owners = await firm.owners();
  // Nobody abroad gets what is ours, and Ana, whom a rule names, nothing: those two have their turn in her pool. Ohio's people are there, but Riva's firm is in Italy.
  expect(owners).toMatchObject({ alpen: 'cleo', kiel: 'cleo', riva: 'emil', oslo: 'ben', bergen: 'cleo', ohio: 'ben', paris: 'ben' });
  expect(await opportunity(firm.pool, bergen)).toMatchObject({ owner: 'cleo', state: 'accepted' });
  const done = await bodyOf<Heirs>(firm.get('/v1/reps/ana/offboard'));
  expect(done.heirs).toEqual(preview.heirs);
  expect(Object.fromEntries(done.heirs.map(({ rep, by }) => [rep.key, by]))).toEqual({
    ben: ['open opportunity', 'rotation'],
    cleo: ['account owner', 'rule key-accounts'],
    emil: ['rule south'],
  });

  // What was only offered follows: Kiel's to who has got Kiel, the other to the pool of its country.
  for (const opportunityId of [kiel, luca]) await firm.lookAfter({ opportunityId });
  expect(await opportunity(firm.pool, kiel)).toMatchObject({ owner: 'cleo', state: 'offered' });
  expect(await opportunity(firm.pool, luca)).toMatchObject({ owner: 'emil', state: 'offered' });
  const { rows } = await firm.pool.query<{ because: { routing?: { rule: string } } }>(
    `select because from journal where kind = 'account_reassigned' and because ->> 'by' = 'rule south'`,
  );
  expect(rows).toMatchObject([{ because: { routing: { rule: 'south', to: { pool: 'south' }, language: 'it' } } }]);

  // What a partner has stays with them: it is Per's now, although its company is Cleo's, and Pia, whom a rule names, is away.
  await firm.post(`/v1/opportunities/${bergen}/pass`, { pool: 'nord' });
  await firm.give(bergen, 'ole');
  expect(await firm.post('/v1/reps/pia/absence', { from: '2026-11-22T09:00:00Z' })).toHaveStatus(200);
  expect(await firm.post('/v1/reps/ole/offboard', {})).toHaveStatus(202);
  await handOverAll(firm, 'ole');
  expect(await opportunity(firm.pool, bergen)).toMatchObject({ owner: 'per', state: 'accepted' });

  // Of two who go in the same instant, each to the other, one goes.
  const both = await Promise.all([
    firm.post('/v1/reps/dora/offboard', { to: 'emil' }),
    firm.post('/v1/reps/emil/offboard', { to: 'dora' }),
  ]);
  expect(both.map(({ status }) => status)).toEqual(expect.arrayContaining([202, 422]));
  await handOverAll(firm, both[0].status === 202 ? 'dora' : 'emil');
});
