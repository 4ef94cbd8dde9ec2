import { expect, test } from 'vitest';
import { inTransaction } from '../../../db/pool.ts';
import { touchBySequence } from '../../../db/sequence-touch.ts';
import { comesBack, inboundEnv, letter } from '../../support/mail-back.ts';
import { addLeads, bodyOf, handToSales, lookingAfter, story } from '../../support/sales.ts';
import { workspace } from '../../support/workspace.ts';

interface Lead {
  email: string;
  id: string;
}

async function firm() {
  const made = await workspace({ env: inboundEnv, reps: ['ana', 'ben'], at: '2026-11-23T09:00:00Z' });
  const leads = await addLeads(made.pool, 2);
  const [id, offered] = await handToSales(made.pool, leads);
  await lookingAfter(made.pool).lookAfter({ opportunityId: id! });
  const { rows } = await made.pool.query<Lead>('select id, email from lead order by id');
  const bcc = async (rep: string) => ((await (await made.get(`/v1/reps/${rep}/touch-address`)).json()) as { address: string }).address;
  const mail = (from: string, to: string, date: string) =>
    letter({ from, to, subject: 'Your slurry pumps', text: 'Shall we talk on Tuesday?' }).replace(
      /^Date: .*$/m,
      `Date: ${new Date(date).toUTCString()}`,
    );
  return { ...made, id: id!, offered: offered!, leads: rows, bcc, mail, ...lookingAfter(made.pool) };
}

const of = (leads: Lead[], at: number) => leads[at]!.email;

test('a rep’s own mail with our address in its Bcc is their talk, at its own time; a breach noted since is withdrawn', async () => {
  const it = await firm();
  await it.post(`/v1/opportunities/${it.id}/accept`, { rep: 'ana' });
  await it.jump('2026-11-25T20:00:00Z');
  await it.lookAfter({ opportunityId: it.id });
  expect(await story(it.pool, it.id)).toContain('sla_breached');

  // Sent in time, and held up on its way for some hours.
  const sent = it.mail('Ana <ana@firm.example>', of(it.leads, 0), '2026-11-25T08:30:00Z');
  const to = [await it.bcc('ana')];
  expect(await comesBack(it, sent, to)).toMatchObject({ state: 'done' });
  await comesBack(it, sent, to);
  expect(await bodyOf(it.get(`/v1/opportunities/${it.id}`))).toMatchObject({
    state: 'touched',
    firstTouchBy: 'bcc',
    touchedAt: '2026-11-25T08:30:00.000Z',
    breachedAt: null,
  });
  expect(await story(it.pool, it.id)).toContain('breach_withdrawn');
  const { rows } = await it.pool.query(
    `select at, properties ->> 'text' as text, properties ->> 'rep' as rep from event where name = 'email_sent_by_rep'`,
  );
  expect(rows).toEqual([{ at: new Date('2026-11-25T08:30:00Z'), text: 'Shall we talk on Tuesday?', rep: 'ana' }]);
});

test('who writes to a lead that is offered to them has taken it; a mail that says it is older than a day counts from when it came', async () => {
  const it = await firm();
  const owner = (await bodyOf(it.get(`/v1/opportunities/${it.offered}`))).owner.key;
  await comesBack(it, it.mail(`${owner}@firm.example`, of(it.leads, 1), '2026-11-01T08:30:00Z'), [await it.bcc(owner)]);
  expect(await bodyOf(it.get(`/v1/opportunities/${it.offered}`))).toMatchObject({
    state: 'touched',
    touchedAt: '2026-11-23T09:00:00.000Z',
  });
});

test('from anybody else, with a made-up address, or to nobody we know, it touches nothing', async () => {
  const it = await firm();
  await it.post(`/v1/opportunities/${it.id}/accept`, { rep: 'ana' });
  const to = [await it.bcc('ana')];
  const now = '2026-11-23T09:00:00Z';
  expect(await comesBack(it, it.mail('ben@firm.example', of(it.leads, 0), now), to)).toMatchObject({ state: 'review' });
  expect(await comesBack(it, it.mail('ana@firm.example', 'stranger@elsewhere.example', now), to)).toMatchObject({ state: 'done' });
  await comesBack(it, it.mail('ana@firm.example', of(it.leads, 0), now), [to[0]!.replace(/\+../, '+zz')]);
  // Somebody else's lead: on the timeline, and no talk of the one who has it.
  await comesBack(it, it.mail('ben@firm.example', of(it.leads, 0), now), [await it.bcc('ben')]);
  expect(await bodyOf(it.get(`/v1/opportunities/${it.id}`))).toMatchObject({ state: 'accepted', touchedAt: null });
  const { rows } = await it.pool.query(`select properties ->> 'rep' as rep from event where name = 'email_sent_by_rep'`);
  expect(rows).toEqual([{ rep: 'ben' }]);
});

test('a letter of a rep’s sequence that has left is their first talk, once; nobody else’s, and not before it has left', async () => {
  const it = await firm();
  await it.post(`/v1/opportunities/${it.id}/accept`, { rep: 'ana' });
  const letter = async (rep: string, state: string) => {
    const { rows } = await it.pool.query<{ id: string }>(
      `insert into send (send_key, class, lane, state, lead_id, rep_id, template, settled_at)
       select gen_random_uuid(), 'personal', 'personal', $2, $3, r.id, 'personal', case when $2 = 'accepted' then clock() end from rep r where r.key = $1 returning id`,
      [rep, state, it.leads[0]!.id],
    );
    return inTransaction(it.pool, (tx) => touchBySequence(tx, [rows[0]!.id]));
  };
  expect(await letter('ben', 'accepted')).toEqual([]);
  expect(await letter('ana', 'queued')).toEqual([]);
  expect(await letter('ana', 'accepted')).toContainEqual({ kind: 'qualification', opportunityId: it.id });
  await it.jump('1h');
  expect(await letter('ana', 'accepted')).toEqual([]);
  expect(await bodyOf(it.get(`/v1/opportunities/${it.id}`))).toMatchObject({
    state: 'touched',
    firstTouchBy: 'sequence',
    touchedAt: '2026-11-23T09:00:00.000Z',
  });
});
