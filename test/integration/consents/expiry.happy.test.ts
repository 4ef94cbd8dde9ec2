import { expect, test } from 'vitest';
import { lookAtConsents } from '../../../db/consent-looks.ts';
import { noteConsents } from '../../../db/consents.ts';
import { inTransaction } from '../../../db/pool.ts';
import { queueSends } from '../../../db/sends.ts';
import { storeEvents } from '../../../db/events.ts';
import { lockLeads } from '../../../db/wakes.ts';
import { deliveryOver, ledgerOf, SECRET } from '../../support/delivery.ts';
import { signLink } from '../../../messaging/links.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const topics = {
  topics: [
    {
      key: 'news',
      name: 'News',
      basis: 'existing-customer',
      implied: [
        { event: 'form_submitted', where: { purpose: 'contact' }, lasts: '6mo', as: 'inquiry' },
        { event: 'order_placed', lasts: '24mo', as: 'purchase' },
      ],
    },
  ],
};
const contact = { key: 'contact', name: 'Contact', purpose: 'contact' };

const look = (firm: Workspace) => inTransaction(firm.pool, lookAtConsents);

async function leadOf(firm: Workspace, email: string): Promise<string> {
  return (await firm.pool.query<{ id: string }>('select id from lead where email = $1', [email])).rows[0]!.id;
}

let mails = 0;

/** What becomes of a marketing mail on the topic that leaves now. */
async function mailNow(firm: Workspace, leadId: string): Promise<string> {
  const sendKey = `now/${mails++}`;
  await queueSends(firm.pool, [{ sendKey, class: 'marketing', topic: 'news', leadId, template: 'form-confirmation' }]);
  await (await deliveryOver(firm.pool)).deliver({ lane: 'marketing' });
  return (await ledgerOf(firm.pool))[sendKey]!;
}

async function happens(firm: Workspace, leadId: string, name: string): Promise<void> {
  await inTransaction(firm.pool, async (tx) => {
    await lockLeads(tx, [leadId]);
    await storeEvents(tx, [{ leadId, name, source: 'test' }]);
  });
}

const historyOf = async (firm: Workspace, email: string) =>
  (
    (await (await firm.get(`/v1/leads/${email}/consents`)).json()) as {
      items: { state: string; basis: string; expiresAt: string | null }[];
    }
  ).items.map(({ state, basis, expiresAt }) => `${state} ${basis}${expiresAt ? ` until ${expiresAt.slice(0, 10)}` : ''}`);

test('an inquiry holds for six months, a purchase renews it to twenty-four; each end is warned of, to the instant, and told', async () => {
  const firm = await workspace({ at: '2026-01-10T09:00:00Z', documents: { topics: { default: topics }, form: { contact } } });
  expect(await firm.anyone.post('/f/contact', { email: 'mei@huadong.example', message: 'What does it cost?' })).toHaveStatus(202);
  const leadId = await leadOf(firm, 'mei@huadong.example');
  expect(await mailNow(firm, leadId)).toBe('accepted');
  await look(firm);
  expect((await firm.pool.query(`select from event where name = 'consent_expiring'`)).rowCount).toBe(0);

  // 30 days before the end it is said, once.
  expect(await firm.post('/v1/clock', { action: 'jump', to: 'next' })).toHaveStatus(200);
  expect(await firm.now()).toEqual(new Date('2026-06-10T09:00:00Z'));
  await look(firm);
  await look(firm);
  const warnings = await firm.pool.query<{ properties: object }>(`select properties from event where name = 'consent_expiring'`);
  expect(warnings.rows).toEqual([{ properties: { topic: 'news', basis: 'inquiry', expires_at: '2026-07-10T09:00:00.000Z' } }]);

  await happens(firm, leadId, 'order_placed');
  await firm.jump('2026-07-10T09:00:00Z');
  await look(firm);
  expect(await mailNow(firm, leadId)).toBe('accepted');
  // A second inquiry ends before the purchase does: it changes nothing.
  expect(await firm.anyone.post('/f/contact', { email: 'mei@huadong.example', message: 'And that?' })).toHaveStatus(202);
  expect(await historyOf(firm, 'mei@huadong.example')).toEqual(['granted purchase until 2028-06-10', 'granted inquiry until 2026-07-10']);

  // The last look sees the end before anybody has noted it.
  await firm.jump('2028-06-10T08:59:59Z');
  expect(await mailNow(firm, leadId)).toBe('accepted');
  await firm.jump('1s');
  expect(await mailNow(firm, leadId)).toBe('suppressed: consent_expired');
  await firm.pool.query('delete from score_wake');
  await look(firm);
  await look(firm);
  expect((await historyOf(firm, 'mei@huadong.example'))[0]).toBe('expired purchase');
  expect((await firm.pool.query('select from consent_due')).rowCount).toBe(0);
  expect((await firm.pool.query('select from score_wake')).rowCount).toBe(1);
  const { items } = (await (await firm.get('/v1/leads/mei@huadong.example/why')).json()) as { items: { words: string }[] };
  expect(items.map(({ words }) => words)).toContainEqual(expect.stringMatching(/^Consent to news ran out on .*2028.* \(purchase\)$/));

  // And a new purchase gives it anew.
  await happens(firm, leadId, 'order_placed');
  expect(await mailNow(firm, leadId)).toBe('accepted');
});

test('what is implied neither lifts a no nor limits a yes; a word of their own ends what was implied', async () => {
  const firm = await workspace({ at: '2026-01-10T09:00:00Z', documents: { topics: { default: topics }, form: { contact } } });
  const { rows } = await firm.pool.query<{ id: string }>(
    `insert into lead (email) values ('no@x.example'), ('yes@x.example'), ('never@x.example') returning id`,
  );
  const [no, yes, never] = rows.map(({ id }) => id) as [string, string, string];
  await noteConsents(firm.pool, 'api', [
    { leadId: no, topic: 'news', granted: false, proof: {} },
    { leadId: yes, topic: 'news', granted: true, proof: {} },
  ]);
  for (const leadId of [no, yes, never]) await happens(firm, leadId, 'order_placed');
  expect(await mailNow(firm, no)).toBe('suppressed: consent_withdrawn');
  expect(await mailNow(firm, never)).toBe('accepted');
  expect(await historyOf(firm, 'yes@x.example')).toEqual(['granted express']);
  await firm.jump('2028-02-10T09:00:00Z');
  await look(firm);
  expect(await mailNow(firm, yes)).toBe('accepted');
  expect(await mailNow(firm, never)).toBe('suppressed: consent_expired');
  expect(await historyOf(firm, 'no@x.example')).toEqual(['withdrawn null']);

  await noteConsents(firm.pool, 'api', [{ leadId: never, topic: 'news', granted: true, proof: {} }]);
  expect(await mailNow(firm, never)).toBe('accepted');
});

test('an unsubscribe holds everywhere at once: queued mail of every campaign, on the other lanes’ topics too, and whatever comes after', async () => {
  const firm = await workspace({
    documents: {
      topics: {
        default: {
          topics: [
            { key: 'news', name: 'News', basis: 'legitimate-interest' },
            { key: 'tips', name: 'Tips', basis: 'legitimate-interest' },
          ],
        },
      },
    },
  });
  const { rows } = await firm.pool.query<{ id: string }>(
    `insert into lead (email) values ('mei@huadong.example'), ('other@x.example') returning id`,
  );
  const [mei, other] = rows.map(({ id }) => id) as [string, string];
  const { rows: campaigns } = await firm.pool.query<{ id: string }>(
    `insert into campaign (key, name, state) values ('a', 'A', 'live'), ('b', 'B', 'live') returning id`,
  );
  const mail = (sendKey: string, topic: string, more: object = {}) => ({
    sendKey,
    class: 'marketing' as const,
    topic,
    leadId: mei,
    template: 'form-confirmation',
    ...more,
  });
  await queueSends(firm.pool, [
    mail('a/1', 'news', { campaignId: campaigns[0]!.id }),
    mail('a/2', 'tips', { campaignId: campaigns[0]!.id }),
    mail('b/1', 'news', { campaignId: campaigns[1]!.id }),
    mail('b/later', 'news', { campaignId: campaigns[1]!.id, priority: 1 }),
    mail('sequence/1', 'tips'),
    mail('to the other', 'news', { leadId: other }),
    mail('ticket', 'news', { class: 'transactional' }),
  ]);
  // A mail of the second lane that carries marketing: the last look is the same wherever it leaves.
  await firm.pool.query(`update send set lane = 'transactional' where send_key = 'sequence/1'`);
  const url = `/u/${signLink(SECRET, 'unsubscribe', { l: mei, t: 'news', s: mei })}`;
  expect(await firm.anyone.post(url, new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }))).toHaveStatus(200);
  await firm.pool.query(`update send set due_at = clock() + interval '1 day' where send_key in ('a/2', 'sequence/1')`);
  const delivery = await deliveryOver(firm.pool);
  await delivery.deliver({ lane: 'marketing' });
  await delivery.deliver({ lane: 'transactional' });
  expect(await ledgerOf(firm.pool)).toEqual({
    'a/1': 'suppressed: consent_withdrawn',
    'a/2': 'queued',
    'b/1': 'suppressed: consent_withdrawn',
    'b/later': 'suppressed: consent_withdrawn',
    'sequence/1': 'queued',
    'to the other': 'accepted',
    ticket: 'accepted',
  });

  expect(await firm.anyone.post(url, new URLSearchParams({ what: 'all' }))).toHaveStatus(200);
  await firm.pool.query('update send set due_at = clock()');
  await delivery.deliver({ lane: 'marketing' });
  await delivery.deliver({ lane: 'transactional' });
  expect(await ledgerOf(firm.pool)).toMatchObject({ 'a/2': 'suppressed: unsubscribed', 'sequence/1': 'suppressed: unsubscribed' });
});
