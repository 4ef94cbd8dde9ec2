import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { campaignOf, launch, topics } from '../../support/campaigns.ts';
import { comesBack, dsn, inboundEnv, letter } from '../../support/mail-back.ts';
import { acceptMails, look } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

let firm: Workspace;
beforeAll(async () => {
  firm = await workspace({ at: '2026-03-02T09:00:00Z', documents: topics, reps: ['ana'], env: inboundEnv });
  await launch(
    firm,
    campaignOf({
      key: 'trial',
      steps: [
        { id: 'hello', send: 'welcome' },
        { id: 'w', wait: '1d' },
        { id: 'case', send: 'study' },
      ],
    }),
  );
  return firm.close;
});

/** What is known of somebody, whatever names the rows have. */
async function standing(email: string): Promise<unknown> {
  const { rows } = await firm.pool.query(
    `select (select jsonb_agg(jsonb_build_object('kind', kind, 'scope', scope) order by kind) from suppression where address = l.email) as suppressed,
            (select jsonb_agg(jsonb_build_object('name', name, 'returns', properties -> 'returns') order by name) from event where lead_id = l.id and name <> 'signed_up') as events,
            (select jsonb_agg(outcomes order by title) from task where lead_id = l.id) as tasks,
            (select jsonb_agg(state order by state) from send where lead_id = l.id and class = 'marketing') as mails,
            (select count(*)::int from send where lead_id = l.id and template = 'reply-received') as forwarded,
            (select count(*)::int from reply_pause where lead_id = l.id) as held,
            (select jsonb_agg(jsonb_build_object('kind', kind, 'state', state) order by kind, state) from inbound_mail where lead_id = l.id) as came
       from lead l where l.email = $1`,
    [email],
  );
  return rows[0];
}

test('a bounce, an absence note, answers and a wish to leave come to the same in any order, however often', async () => {
  let people = 0;
  let expected: unknown;
  const kinds = ['bounce', 'away', 'answer', 'again', 'stop'] as const;
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([...kinds, ...kinds], { minLength: kinds.length * 2 }), async (order) => {
      const email = `p${people++}@firm${people}.example`;
      await happen(firm.pool, 'signed_up', [{ email }]);
      await look(firm, 'trial');
      await acceptMails(firm);
      await firm.pool.query(`update send set address = $1, in_flight_at = clock() where lead_id = (select id from lead where email = $1)`, [
        email,
      ]);
      const { rows } = await firm.pool.query<{ sendKey: string }>(
        `select send_key as "sendKey" from send s join lead l on l.id = s.lead_id where l.email = $1`,
        [email],
      );
      const mails = {
        bounce: dsn({ address: email, about: [`X-Tendril-Send: ${rows[0]!.sendKey}`] }),
        away: letter({ from: email, subject: 'Automatic reply: Welcome', text: 'I am out of the office until March 9.' }),
        answer: letter({ from: email, text: 'Please call me.' }),
        again: letter({ from: email, text: 'And send me the list.' }),
        stop: letter({ from: email, text: 'unsubscribe' }),
      };
      for (const kind of order) await comesBack(firm, mails[kind]);
      const found = await standing(email);
      expected ??= found;
      expect(found).toEqual(expected);
    }),
    { numRuns: 4 },
  );
  expect(expected).toMatchObject({
    suppressed: [
      { kind: 'bounce', scope: 'all' },
      { kind: 'unsubscribe', scope: 'marketing' },
    ],
    tasks: [['continue_campaign', 'end_campaign']],
    forwarded: 2,
    held: 1,
  });
});
