import { expect, test } from 'vitest';
import { makeDrafts } from '../../../db/drafts.ts';
import { reopenOffboardings } from '../../../db/offboarding/finish.ts';
import { inTransaction, type Queryable } from '../../../db/pool.ts';
import { giveRuns, type RunsGiven } from '../../../db/sequence-runs.ts';
import { handOverAll } from '../../support/leaving.ts';
import { begin, saveSequence, sequenceOf } from '../../support/sequences.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

/** A run of Ana's, not looked at yet. */
async function runOf(firm: Workspace, email: string) {
  await firm.put('/v1/leads/by/crm/' + email, { email });
  const { people } = await begin(firm, [email]);
  const { rows } = await firm.pool.query<{ runId: string; leadId: string; campaignId: string; ana: string; ben: string }>(
    `select e.id as "runId", e.lead_id as "leadId", e.campaign_id as "campaignId", (select id from rep where key = 'ana') as ana,
            (select id from rep where key = 'ben') as ben from enrolment e where e.id = $1`,
    [people[0]!.runId],
  );
  return rows[0]!;
}
type Run = Awaited<ReturnType<typeof runOf>>;

const draftOf = (
  tx: Queryable,
  { runId: enrolmentId, leadId, campaignId, ana: repId }: Run,
  written: { stepId?: string; body?: string } = {},
) =>
  makeDrafts(tx, [
    {
      sendKey: `${enrolmentId}/hello/1`,
      enrolmentId,
      campaignId,
      stepId: 'hello',
      leadId,
      repId,
      thread: 'new',
      subject: 'Pumps',
      body: 'Shall we talk?',
      dueAt: new Date('2026-11-24T09:00:00Z'),
      test: false,
      ...written,
    },
  ]);

const drafters = async ({ pool }: Workspace): Promise<string[]> =>
  (await pool.query<{ key: string }>('select r.key from draft d join rep r on r.id = d.rep_id order by d.id')).rows.map(({ key }) => key);

test('a letter drafted while its run goes over goes with it; one that comes too late does, too, so nothing is left', async () => {
  const firm = await workspace({ reps: ['ana', 'ben'], at: '2026-11-23T09:00:00Z' });
  const { steps } = sequenceOf() as { steps: object[] };
  await saveSequence(
    firm,
    sequenceOf({
      steps: [...steps, { id: 'visit', mail: { text: 'Until {{#if lead.visit}}{{date lead.visit}}{{/if}}\n\n{{rep.name}}' } }],
    }),
  );
  const first = await runOf(firm, 'mei@huadong.example');
  let giving: Promise<RunsGiven> | undefined;
  await inTransaction(firm.pool, async (tx) => {
    await tx.query('select from enrolment where id = $1 for no key update', [first.runId]);
    giving = inTransaction(firm.pool, (other) => giveRuns(other, [{ runId: first.runId, repId: first.ben, by: 'rotation' }]));
    // It waits for our lock by now; what it sees may not be what was there before.
    await new Promise((resolve) => setTimeout(resolve, 200));
    await draftOf(tx, first);
  });
  expect(await giving).toMatchObject({ runs: 1, drafts: [expect.any(String)] });
  expect(await drafters(firm)).toEqual(['ben']);

  const second = await runOf(firm, 'lars@nordkraft.example');
  await firm.pool.query('update enrolment set rep_id = $2 where id = $1', [second.runId, second.ben]);
  await draftOf(firm.pool, second);
  // One that Ana has edited, and two that she has looked through: they wait for their hour. One of these cannot be made anew: the date in it is none any more.
  const drafted = async (email: string, written = {}): Promise<string> => (await draftOf(firm.pool, await runOf(firm, email), written))[0]!;
  const [edited, seen] = [await drafted('edited@huadong.example'), await drafted('seen@huadong.example')];
  const visit = await drafted('visit@huadong.example', { stepId: 'visit', body: 'Until Monday\n\nAna' });
  await firm.put('/v1/leads/by/crm/visit@huadong.example', { attributes: { visit: 'soon' } });
  expect((await firm.patch(`/v1/drafts/${edited}`, { body: 'Good day, Ana Ruiz sends me.\n\nAna' })).status).toBe(200);
  for (const id of [seen, visit]) expect((await firm.post(`/v1/drafts/${id}/send`, {})).status).toBe(200);
  expect((await firm.post('/v1/reps/ana/offboard', {})).status).toBe(202);
  await handOverAll(firm, 'ana');
  expect(await drafters(firm)).toEqual(['ben', 'ben', 'ben', 'ana', 'ana']);
  // They speak in his name: made anew where nobody had edited them, else with his signature.
  const { rows } = await firm.pool.query<{ body: string }>(
    `select d.body from draft d where d.rep_id = $1 and d.lead_id <> $2 union all
     select s.params ->> 'text' from send s where s.class = 'personal' and s.state = 'queued' and s.rep_id = $1 order by 1`,
    [first.ben, first.leadId],
  );
  const anew = 'Dear colleague,\n\nshall we talk?\n\nBen';
  expect(rows.map(({ body }) => body)).toEqual([anew, anew, 'Good day, Ana Ruiz sends me.\n\nBen', 'Until Monday\n\nBen']);

  // A worker had it in its hands, and gave it up after all was done: it is found, and is his, too.
  await firm.pool.query(`update send set rep_id = $1 where class = 'personal' and state = 'queued'`, [first.ana]);
  expect(await inTransaction(firm.pool, reopenOffboardings)).toEqual(['ana']);
  await handOverAll(firm, 'ana');
  const { rowCount } = await firm.pool.query(`select from send where class = 'personal' and rep_id = $1`, [first.ben]);
  expect(rowCount).toBe(2);
});
