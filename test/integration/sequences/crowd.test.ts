import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createPlans } from '../../../activities/plans.ts';
import { createSequenceActivities } from '../../../activities/sequence.ts';
import { mailOfTests } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { addWriters, begin, saveSequence, sequenceOf } from '../../support/sequences.ts';
import { workspace } from '../../support/workspace.ts';

const COUNT = 40;

test('of a crowd that begins at once one look carries all; what SQL refuses is set aside alone, and who is paused stays', async () => {
  const firm = await workspace({ at: '2026-03-02T11:00:00Z' });
  await addWriters(firm);
  await saveSequence(firm, sequenceOf({ stopOn: ['reply'] }));
  const emails = Array.from({ length: COUNT }, (_, n) => `p${n}@crowd${n}.example`);
  await happen(
    firm.pool,
    'signed_up',
    emails.map((email) => ({ email })),
  );
  const runs = (await begin(firm, emails)).people.map(({ runId }) => runId!);
  const { advanceRun } = createSequenceActivities({
    pool: firm.pool,
    poke: () => {},
    plans: createPlans(),
    mail: mailOfTests,
    log: pino({ level: 'silent' }),
  });
  const queued = async () => (await firm.pool.query('select from send')).rowCount;

  await firm.pool.query(`
    create function refuse() returns trigger language plpgsql as $$ begin
      if new.lead_id = (select id from lead where email = '${emails[7]}') then raise exception 'not this one' using errcode = '22000'; end if; return new; end $$;
    create trigger refuse before insert on send for each row execute function refuse()`);
  expect(await firm.post(`/v1/sequence-runs/${runs[3]}/pause`)).toHaveStatus(200);
  // The one to blame is in every batch: each goes alone, until it has been its turn.
  await advanceRun({ enrolmentId: runs[0]! });
  expect(await queued()).toBe(1);
  await advanceRun({ enrolmentId: runs[7]! });
  expect(await (await firm.get(`/v1/sequence-runs/${runs[7]}`)).json()).toMatchObject({ state: 'active', error: 'not this one' });

  await Promise.all([9, 10, 11].map((n) => advanceRun({ enrolmentId: runs[n]! })));
  expect(await queued()).toBe(COUNT - 2);
  expect((await firm.pool.query('select distinct enrolment_id from send')).rowCount).toBe(COUNT - 2);
  expect(await (await firm.get(`/v1/sequence-runs/${runs[3]}`)).json()).toMatchObject({ state: 'active', paused: true });

  // Stopped by hand, woken and over: whoever is looked at next ends nobody twice.
  await firm.post(`/v1/sequence-runs/${runs[20]}/stop`, {});
  await advanceRun({ enrolmentId: runs[21]! });
  expect(await advanceRun({ enrolmentId: runs[20]! })).toBe('done');
  expect(await queued()).toBe(COUNT - 2);
});
