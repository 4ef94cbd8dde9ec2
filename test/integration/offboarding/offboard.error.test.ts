import { expect, test } from 'vitest';
import { handOverAll, ownersOf } from '../../support/leaving.ts';
import { bodyOf } from '../../support/sales.ts';
import { workspace } from '../../support/workspace.ts';

test('who cannot leave, and to whom nothing can go; a job that was begun is not begun twice, can be called off, and who left can come back', async () => {
  const firm = await workspace({ reps: ['ana', 'ben'], at: '2026-11-23T09:00:00Z' });
  const leaves = async (rep: string, body: object = {}) => (await firm.post(`/v1/reps/${rep}/offboard`, body)).status;
  expect(await leaves('zoe')).toBe(404);
  expect(await leaves('ana', { to: 'zoe' })).toBe(422);
  expect(await leaves('ana', { to: 'ana' })).toBe(422);
  expect(await leaves('ana', { everything: true })).toBe(422);
  expect((await firm.get('/v1/reps/ana/offboard')).status).toBe(404);
  expect((await firm.post('/v1/reps/ana/offboard/cancel')).status).toBe(409);
  expect((await firm.post('/v1/reps/ana/return')).status).toBe(409);
  expect((await firm.post('/v1/reps/zoe/return')).status).toBe(404);

  await firm.pool.query(`insert into account (name, owner_rep_id) select 'Firm', id from rep where key = 'ana'`);
  expect(await leaves('ana')).toBe(202);
  expect(await leaves('ana')).toBe(409);
  expect(await leaves('ben', { to: 'ana' })).toBe(422);
  // Nobody would be left.
  expect(await leaves('ben')).toBe(409);
  expect(await bodyOf(firm.post('/v1/reps/ana/offboard/cancel'))).toMatchObject({ state: 'cancelled', left: { accounts: 1 } });
  expect(await ownersOf(firm, 'account')).toEqual({ ana: 1 });

  expect(await leaves('ana', { to: 'ben' })).toBe(202);
  await handOverAll(firm, 'ana');
  expect(await ownersOf(firm, 'account')).toEqual({ ben: 1 });
  // A folder from before does not bring her back; a person does.
  const again = { key: 'ana', name: 'Ana', email: 'ana@firm.example' };
  expect(await bodyOf(firm.put('/v1/reps', { items: [again] }))).toMatchObject({ items: [{ active: false }] });
  expect(await bodyOf(firm.post('/v1/reps/ana/return'))).toMatchObject({ key: 'ana', active: true });
  expect(await ownersOf(firm, 'account')).toEqual({ ben: 1 });
});

test('every table that names a rep is either handed over and counted, or says only who did something', async () => {
  const firm = await workspace();
  const { rows } = await firm.pool.query<{ column: string }>(
    `select conrelid::regclass || '.' || a.attname as "column" from pg_constraint c
       join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
      where c.contype = 'f' and c.confrelid = 'rep'::regclass order by 1`,
  );
  const counted = [
    'account.owner_rep_id',
    'api_key.rep_id',
    'draft.rep_id',
    'enrolment.rep_id',
    'opportunity.asked_rep_id',
    'opportunity.owner_rep_id',
    'rep.stand_in_rep_id',
    'rep_mailbox.rep_id',
    'task.owner_rep_id',
  ];
  // Who it was, is a member of, was counted for, or met: nothing that somebody must do.
  const told = [
    'breach.rep_id',
    'handover.to_rep_id',
    'inbound_mail.rep_id',
    'meeting.rep_id',
    'offboarding.rep_id',
    'offboarding.to_rep_id',
    'opportunity.counted_rep_id',
    'pool_member.rep_id',
    'rotation_credit.rep_id',
    'routing_conflict.given_rep_id',
    'routing_conflict.other_rep_id',
    'routing_conflict.rep_id',
    'send.rep_id',
  ];
  const unknown = rows.map((row) => row.column).filter((column) => !counted.includes(column) && !told.includes(column));
  expect(unknown).toEqual([]);
});
