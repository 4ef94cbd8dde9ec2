import { expect, test } from 'vitest';
import { confirmConsent } from '../../../db/confirmations.ts';
import { lookAtConsents } from '../../../db/consent-looks.ts';
import { noteConsents } from '../../../db/consents.ts';
import { inTransaction } from '../../../db/pool.ts';
import { unsubscribe } from '../../../db/suppressions.ts';
import { lockLeads } from '../../../db/wakes.ts';
import { workspace } from '../../support/workspace.ts';

const topics = { default: { topics: [{ key: 'news', name: 'News', basis: 'double-opt-in', lasts: '6mo' }] } };

test('whoever looks, confirms, renews and leaves at the same time: one line of rows, each told once, the next look about the newest', async () => {
  const firm = await workspace({ at: '2026-01-10T09:00:00Z', documents: { topics } });
  const { pool } = firm;
  const { rows } = await pool.query<{ id: string }>(
    `insert into lead (email) select 'n' || i || '@x.example' from generate_series(1, 40) i returning id`,
  );
  const leads = rows.map(({ id }) => id);
  await inTransaction(pool, (tx) =>
    noteConsents(
      tx,
      'api',
      leads.map((leadId) => ({ leadId, topic: 'news', granted: true, proof: {} })),
    ),
  );
  const { rows: first } = await pool.query<{ id: string; leadId: string }>('select id, lead_id as "leadId" from consent');
  await firm.jump('2026-07-10T09:00:00Z');

  const acts = [
    ...Array.from({ length: 4 }, () => () => inTransaction(pool, lookAtConsents)),
    ...first.slice(0, 20).flatMap(({ id, leadId }) => {
      const confirm = () => inTransaction(pool, (tx) => confirmConsent(tx, { leadId, topic: 'news', consentId: id, proof: {} }));
      return [confirm, confirm];
    }),
    ...leads
      .slice(10, 30)
      .map((leadId) => () => inTransaction(pool, (tx) => unsubscribe(tx, { leadId, topic: 'news', sendId: null, source: 'page' }))),
    ...leads.slice(25, 40).map(
      (leadId) => () =>
        inTransaction(pool, async (tx) => {
          await lockLeads(tx, [leadId]);
          await noteConsents(tx, 'api', [{ leadId, topic: 'news', granted: true, proof: {} }]);
        }),
    ),
  ];
  await Promise.all(acts.map((act) => act()));
  await inTransaction(pool, lookAtConsents);

  const { rows: twice } = await pool.query(
    `select lead_id, state, lag(state) over (partition by lead_id order by id) as before from consent order by lead_id, id`,
  );
  expect(twice.filter(({ state, before }) => state === before && state !== 'granted')).toEqual([]);
  const { rows: newest } = await pool.query<{ state: string; watched: boolean }>(
    `select n.state, d.consent_id is not distinct from n.id as watched
       from (select distinct on (lead_id) id, lead_id, state from consent order by lead_id, id desc) n left join consent_due d on d.lead_id = n.lead_id`,
  );
  // Whatever came last: a yes has its end watched, and nothing else has.
  expect(newest.filter(({ state, watched }) => watched !== (state === 'granted'))).toEqual([]);
  expect(newest).toHaveLength(40);
  const { rows: told } = await pool.query(
    `select count(*)::int as rows, (select count(*)::int from journal where kind = 'consent_expired') as journal from consent where state = 'expired'`,
  );
  expect(told[0]).toEqual({ rows: told[0].journal, journal: told[0].journal });
  const confirmed = `select count(*)::int as n from consent where source = 'confirmation'`;
  const events = `select count(*)::int as n from event where name = 'subscription_confirmed'`;
  expect((await pool.query(confirmed)).rows).toEqual((await pool.query(events)).rows);
});
