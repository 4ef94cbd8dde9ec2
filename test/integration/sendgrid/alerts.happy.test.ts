import { expect, test } from 'vitest';
import { raiseAlerts } from '../../../db/alerts.ts';
import { tendril } from '../../support/cli.ts';
import { workspace } from '../../support/workspace.ts';

test('what needs a look is told on the command line, with what to do about it', async () => {
  const firm = await workspace();
  const env = { TENDRIL_URL: await firm.listen(), TENDRIL_API_KEY: firm.adminKey };
  expect(await tendril(['alerts'], env)).toMatchObject({ code: 0, out: expect.stringContaining('Nothing needs a look') as string });
  await raiseAlerts(firm.pool, [{ kind: 'lane_stopped', about: 'marketing', detail: { reason: '401' } }]);
  const { out } = await tendril(['alerts'], env);
  expect(out).toContain('No marketing mail leaves');
  expect(out).toContain('POST /v1/lanes/marketing/resume');
});
