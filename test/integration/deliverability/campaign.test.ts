import { expect, test } from 'vitest';
import { campaignOf, launch, topics } from '../../support/campaigns.ts';
import { violations } from '../../support/chaos.ts';
import { happen } from '../../support/people.ts';
import { workspace } from '../../support/workspace.ts';

const people = Array.from({ length: 7 }, (_, n) => ({ email: `p${n}@firm${n}.example` }));

test(
  'a campaign of a new domain: some hear of it today, the others on the days to come, in words, and all in the end',
  { timeout: 120_000 },
  async () => {
    const firm = await workspace({ at: '2026-03-02T12:00:00Z', documents: topics, env: { MAIL_FROM: 'Firm <hello@firm.example>' } });
    const deliverability = { domains: { 'firm.example': { warmUp: { from: '2026-03-02', start: 2, growth: '50%', until: 100 } } } };
    expect(
      await firm.put('/v1/workspace/documents', { documents: [{ kind: 'deliverability', key: 'default', body: deliverability }] }),
    ).toHaveStatus(200);
    await launch(
      firm,
      campaignOf({
        steps: [
          { id: 'hello', send: 'welcome' },
          { id: 'w', wait: '1d' },
          { id: 'bye', send: { template: 'nudge', class: 'transactional' } },
        ],
      }),
    );
    await firm.startWorker();
    await happen(firm.pool, 'signed_up', people);
    await firm.settle();

    const sent = async (): Promise<number> =>
      (await firm.pool.query<{ n: number }>(`select count(*)::int as n from send where state = 'accepted'`)).rows[0]!.n;
    expect(await sent()).toBe(2);
    const { items } = (await (await firm.get('/v1/sends?limit=20')).json()) as {
      items: { state: string; reason: string; dueAt: string; to: string }[];
    };
    const waiting = items.filter((one) => one.state === 'queued');
    expect(waiting).toHaveLength(5);
    expect(new Set(waiting.map((one) => one.reason))).toEqual(new Set(['held: warm_up']));
    const { rows } = await firm.pool.query<{ email: string }>(
      `select l.email from send s join lead l on l.id = s.lead_id where s.state = 'queued' order by s.due_at limit 1`,
    );
    const { email } = rows[0]!;
    expect(await (await firm.get(`/v1/campaigns/trial/why-not?email=${email}`)).text()).toContain('being warmed up');
    expect(await (await firm.get(`/v1/leads/${email}/timeline`)).text()).toContain('held: warm_up');
    expect(await (await firm.get('/v1/deliverability')).json()).toMatchObject({
      senders: [{ domain: 'firm.example', warmUp: { budget: 2, used: 2, waiting: 5 } }],
      waiting: [{ by: 'warm_up', line: 'firm.example', mails: 5 }],
    });

    while (await firm.jumpToNext()) await firm.settle();
    expect(await sent()).toBe(14);
    const { rows: days } = await firm.pool.query<{ day: string; n: number }>(
      `select to_char(in_flight_at at time zone 'UTC', 'MM-DD') as day, count(*)::int as n from send where class = 'marketing' group by 1 order by 1`,
    );
    expect(days).toEqual([
      { day: '03-02', n: 2 },
      // Of three places one is a confirmation's, which is counted: that mail is the first of the next day.
      { day: '03-03', n: 2 },
      { day: '03-04', n: 3 },
    ]);
    expect(await violations(firm)).toEqual([]);
  },
);
