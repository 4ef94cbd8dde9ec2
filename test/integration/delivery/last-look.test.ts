import { expect, test } from 'vitest';
import { putDocument } from '../../../db/documents.ts';
import { switchSending } from '../../../db/lanes.ts';
import { inTransaction } from '../../../db/pool.ts';
import { addSuppression, unsubscribe } from '../../../db/suppressions.ts';
import { lockLeads } from '../../../db/wakes.ts';
import { deliveryOver, emptyLedger, interrupted, leadWithMail, ledgerOf, notingTransport } from '../../support/delivery.ts';

const database = emptyLedger();

const lane = { lane: 'marketing' };

/** Something happens when the mails are due, just before the last look. */
async function between(event: () => Promise<unknown>) {
  const { pool } = database;
  const { transport, sent } = notingTransport();
  await (await deliveryOver(pool, { transport, pool: interrupted(pool, event) })).deliver(lane);
  return { sent, ledger: await ledgerOf(pool) };
}

test('an unsubscribe just before the socket holds', async () => {
  const leadId = await leadWithMail(database.pool, 'a@x.example');
  const { sent, ledger } = await between(() =>
    inTransaction(database.pool, (tx) => unsubscribe(tx, { leadId, topic: 'news', sendId: null, source: 'page' })),
  );
  expect(ledger).toEqual({ 'to/a@x.example/1': 'suppressed: consent_withdrawn' });
  expect(sent).toEqual([]);
});

test('so does a suppression, for that address alone', async () => {
  await leadWithMail(database.pool, 'a@x.example');
  await leadWithMail(database.pool, 'b@x.example');
  const { sent, ledger } = await between(() =>
    inTransaction(database.pool, (tx) => addSuppression(tx, { address: 'a@x.example', kind: 'complaint', scope: 'all', source: 'test' })),
  );
  expect(ledger).toEqual({ 'to/a@x.example/1': 'suppressed: complained', 'to/b@x.example/1': 'accepted' });
  expect(sent.map(({ to }) => to.address)).toEqual(['b@x.example']);
});

test('the workspace stops all sending: nothing leaves, and it goes when sending goes on', async () => {
  await leadWithMail(database.pool, 'a@x.example');
  const stopped = await between(() => switchSending(database.pool, true));
  expect([stopped.sent, stopped.ledger]).toEqual([[], { 'to/a@x.example/1': 'queued' }]);
  const { transport, sent } = notingTransport();
  const delivery = await deliveryOver(database.pool, { transport });
  expect(await delivery.deliver(lane)).toEqual({ sleepMs: null });
  await switchSending(database.pool, false);
  await delivery.deliver(lane);
  expect(sent.length).toBe(1);
});

test('a campaign paused in between keeps its mail; archived, it cancels it', async () => {
  const { pool } = database;
  const { rows } = await pool.query<{ id: string }>(`insert into campaign (key, name, state) values ('c', 'c', 'live') returning id`);
  await leadWithMail(pool, 'a@x.example', { campaignId: rows[0]!.id });
  const paused = await between(() => pool.query(`update campaign set state = 'paused'`));
  expect([paused.sent, paused.ledger]).toEqual([[], { 'to/a@x.example/1': 'queued' }]);
  await pool.query(`update campaign set state = 'archived'`);
  await (await deliveryOver(pool)).deliver(lane);
  expect(await ledgerOf(pool)).toEqual({ 'to/a@x.example/1': 'cancelled: campaign_archived' });
});

test('an address that changed in between: the mail goes to the new one', async () => {
  const leadId = await leadWithMail(database.pool, 'a@x.example');
  const { sent } = await between(() => database.pool.query(`update lead set email = 'new@x.example' where id = $1`, [leadId]));
  expect(sent.map(({ to }) => to.address)).toEqual(['new@x.example']);
});

test('a topic that needs consent goes to those who gave it', async () => {
  const { pool } = database;
  await putDocument(pool, 'topics', 'default', { topics: [{ key: 'news', name: 'News', basis: 'opt-in' }] });
  const yes = await leadWithMail(pool, 'yes@x.example');
  await leadWithMail(pool, 'never@x.example');
  await pool.query(`insert into consent (lead_id, topic, granted, source) values ($1, 'news', true, 'form')`, [yes]);
  await (await deliveryOver(pool)).deliver(lane);
  expect(await ledgerOf(pool)).toEqual({ 'to/never@x.example/1': 'suppressed: no_consent', 'to/yes@x.example/1': 'accepted' });
  await putDocument(pool, 'topics', 'default', { topics: [] });
});

test('an unsubscribe that is being written makes the last look wait, and is seen', async () => {
  const { pool } = database;
  const leadId = await leadWithMail(pool, 'a@x.example');
  const tx = await pool.connect();
  await tx.query('begin');
  await lockLeads(tx, [leadId]);
  const delivery = await deliveryOver(pool);
  const delivering = delivery.deliver(lane);
  await expect
    .poll(
      async () =>
        (await pool.query(`select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`)).rowCount,
    )
    .toBe(1);
  await unsubscribe(tx, { leadId, topic: null, sendId: null, source: 'page' });
  await tx.query('commit');
  tx.release();
  await delivering;
  expect(await ledgerOf(pool)).toEqual({ 'to/a@x.example/1': 'suppressed: unsubscribed' });
});

test('the campaign says not any more, or not yet: cancelled, or due later', async () => {
  const { pool } = database;
  await leadWithMail(pool, 'a@x.example');
  await leadWithMail(pool, 'b@x.example');
  const opens = new Date(Date.now() + 3_600_000);
  const stillWanted = async (_: unknown, mails: readonly { id: string; sendKey: string }[]) =>
    new Map(mails.map(({ id, sendKey }) => [id, sendKey.includes('a@') ? { reason: 'goal' } : { notBefore: opens }]));
  const delivery = await deliveryOver(pool, { stillWanted });
  const look = await delivery.deliver(lane);
  expect(await ledgerOf(pool)).toEqual({ 'to/a@x.example/1': 'cancelled: goal', 'to/b@x.example/1': 'queued' });
  expect((look as { sleepMs: number }).sleepMs).toBeGreaterThan(3_500_000);
});

test('a mail that cannot be made fails alone, and says which variable', async () => {
  const { pool } = database;
  await leadWithMail(pool, 'a@x.example', { template: 'rep-lead-card' });
  await leadWithMail(pool, 'b@x.example', { template: 'no-such' });
  await leadWithMail(pool, 'c@x.example');
  await (await deliveryOver(pool)).deliver(lane);
  const ledger = await ledgerOf(pool);
  expect(ledger['to/a@x.example/1']).toMatch(
    /^failed: template 'rep-lead-card': the variable 'params\.card\.name' has no value|^failed: template 'rep-lead-card'/,
  );
  expect(ledger['to/b@x.example/1']).toBe("failed: there is no template 'no-such'");
  expect(ledger['to/c@x.example/1']).toBe('accepted');
});
