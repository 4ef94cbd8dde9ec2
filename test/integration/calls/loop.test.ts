import { expect, test } from 'vitest';
import { campaignOf, launch, standing, topics } from '../../support/campaigns.ts';
import { happen } from '../../support/people.ts';
import { receiver } from '../../support/receiver.ts';
import { workspace } from '../../support/workspace.ts';

test('with the real worker: the CRM is told, ana gets her task, her answer by the link of the mail ends the campaign', async () => {
  const crm = await receiver(() => ({ status: 200, json: { id: 'c-7' } }));
  const firm = await workspace({ at: '2026-03-02T09:00:00Z', reps: ['ana'], documents: topics, env: { WEBHOOK_ALLOW: '127.0.0.1' } });
  const steps = [
    { id: 'crm', webhook: { url: crm.url, set: { crm_id: 'id' } } },
    { id: 'call', task: { to: 'sales', title: 'Call about {{lead.crm_id}}', onOutcome: { won: [{ id: 'won', exit: 'won' }] } } },
  ];
  await launch(firm, campaignOf({ steps }));
  await firm.startWorker();
  await happen(firm.pool, 'signed_up', [{ email: 'mei@huadong.example' }]);
  await firm.settle();
  expect(crm.received).toHaveLength(1);
  const [mail] = await firm.outbox('ana@firm.example');
  expect(mail!.subject).toBe('Call about c-7');

  const link = new URL(mail!.links.find((one) => one.includes('/task/'))!).pathname;
  const form = { method: 'POST', body: new URLSearchParams({ outcome: 'won' }) };
  expect((await firm.anyone.request(link, form)).status).toBe(200);
  await firm.settle();
  expect(await standing(firm, 'trial', 'mei@huadong.example')).toMatchObject([{ state: 'exited', endReason: 'won' }]);
  const doctor = (await (await firm.get('/v1/doctor')).json()) as { violations: number };
  expect(doctor.violations).toBe(0);
});
