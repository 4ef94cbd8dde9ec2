import { expect, test } from 'vitest';
import { campaignOf, launch, topics } from '../../support/campaigns.ts';
import { look } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { workspace } from '../../support/workspace.ts';

const ANA = { email: 'ana@aguas.example', attributes: { buying_role: 'decider' } };
const BEN = { email: 'ben@aguas.example', attributes: { buying_role: 'user' }, country: 'FR' };

interface Outlook {
  entering: number;
  first: { email: string; at: string }[];
  notEntering: { rule: string; count: number }[];
}
type DryRun = Outlook & { coming: Outlook & { until: string }; entries: { note: string | null; lookedAt: number }[] };

test('a dry run lists whom dates and schedules will bring, the next first; what has let people in does so no more', async () => {
  const firm = await workspace({
    at: '2026-03-02T09:00:00Z',
    documents: { ...topics, segment: { all: { condition: { stage: 'lead' } } } },
  });
  await happen(firm.pool, 'signed_up', [ANA, BEN]);
  await happen(firm.pool, 'signed_up', [{ email: 'test@aguas.example' }]);
  await firm.pool.query(`update lead set test = true where email = 'test@aguas.example'`);
  const contracts = { 'C-1': '2026-06-10', 'C-2': '2026-09-01' };
  for (const [number, endsAt] of Object.entries(contracts))
    await firm.put(`/v1/records/contract/${number}`, {
      account: { domain: 'aguas.example' },
      status: 'active',
      dates: { ends_at: endsAt },
    });
  const document = campaignOf({
    key: 'renewal',
    entry: [
      { date: 'contract.ends_at', offset: '-90d', people: { roles: ['decider'], max: 1 } },
      { schedule: { every: { weekday: 'tue', at: '10:00' } }, segment: 'all', timezone: 'UTC', if: { 'lead.country': { ne: 'FR' } } },
    ],
    steps: [{ id: 'w', wait: '1d' }],
  });
  const dryRun = async (body: object): Promise<DryRun> => {
    const answer = await firm.post('/v1/campaigns/renewal/dry-run', body);
    expect(answer).toHaveStatus(200);
    return (await answer.json()) as DryRun;
  };

  const tried = await dryRun({ document });
  expect(tried.entering).toBe(0);
  expect(tried.coming).toMatchObject({
    until: '2026-04-01T09:00:00.000Z',
    entering: 1,
    first: [{ email: ANA.email, at: '2026-03-03T10:00:00.000Z' }],
    notEntering: [{ rule: 'entry.if', count: 1 }],
  });
  expect(tried.entries).toMatchObject([{ lookedAt: 2 }, { lookedAt: 2 }]);
  const later = await dryRun({ document: { ...document, entry: (document['entry'] as object[]).slice(0, 1) }, ahead: '120d' });
  expect(later.coming.first).toMatchObject([{ email: ANA.email, at: '2026-03-12T00:00:00.000Z' }]);
  expect((await dryRun({ document, ahead: '12h' })).coming).toMatchObject({ entering: 0, first: [] });

  await launch(firm, document);
  await firm.jump('2026-03-12T01:00:00Z');
  await look(firm, 'renewal');
  const ninety = (await dryRun({ ahead: '90d' })).coming;
  expect(ninety.notEntering).toEqual(expect.arrayContaining([expect.objectContaining({ rule: 'reentry' })]));
  const dates = (await dryRun({ ahead: '30d' })).entries[0];
  expect(dates).toMatchObject({ lookedAt: 1, note: 'by their dates' });
});
