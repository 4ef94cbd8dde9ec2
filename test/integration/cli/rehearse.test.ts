import { expect, test } from 'vitest';
import { campaignOf, topics } from '../../support/campaigns.ts';
import { tendril } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';

test('a campaign is rehearsed on an engine of its own, and nothing of it stays', { timeout: 90_000 }, async () => {
  const firm = await workspace({ documents: topics, reps: ['ana'] });
  const document = campaignOf({
    steps: [
      { id: 'hello', send: 'trial-welcome' },
      { id: 'w1', wait: '6h' },
      {
        id: 'b',
        branch: [
          {
            when: { clicked: 'hello' },
            steps: [{ id: 'p', waitFor: { event: 'pricing_viewed', timeout: '9d' }, then: [{ id: 'last', send: 'trial-last-call' }] }],
          },
          { otherwise: [{ id: 'out', exit: 'silent' }] },
        ],
      },
    ],
  });
  expect(await firm.post('/v1/campaigns', document)).toHaveStatus(201);
  const env = {
    DATABASE_URL: firm.databaseUrl,
    TEMPORAL_ADDRESS: firm.config.TEMPORAL_ADDRESS!,
    TEMPORAL_NAMESPACE: firm.config.TEMPORAL_NAMESPACE,
  };
  const rehearse = (...args: string[]) => tendril(['campaign', 'rehearse', ...args], env);

  const played = await rehearse('trial', '--to', 'me@firm.example', '--speed', '2h=1s', '--do', '2h click hello; 9h pricing_viewed');
  expect(played.err).toContain('everything was removed');
  expect(played.code).toBe(0);
  const lines = played.out.trim().split('\n');
  const at = (words: string): number => lines.findIndex((line) => line.includes(words));
  const causes = [
    ['Entered “Trial”', '✉ Your trial pump, Robin', 'the lead clicks in the mail of hello', 'arm 1 of the branch held'],
    ['the lead: pricing_viewed', 'pricing_viewed came', 'Came to the end'],
  ];
  for (const story of causes) {
    const places = story.map(at);
    expect(places, played.out).toEqual(places.toSorted((a, b) => a - b));
    expect(places, played.out).not.toContain(-1);
  }
  expect(played.out).toContain('✉ Last letter about your trial');
  const { rows } = await firm.pool.query<{ n: number }>(
    `select count(*)::int as n from pg_database where datname like 'tendril_rehearsal_%'`,
  );
  expect(rows[0]!.n).toBe(0);
  expect((await firm.pool.query('select 1 from lead')).rowCount).toBe(0);
});
