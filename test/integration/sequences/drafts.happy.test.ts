import { expect, test } from 'vitest';
import { draftChores } from '../../../activities/drafts.ts';
import { doctor } from '../../../db/doctor.ts';
import { inTransaction } from '../../../db/pool.ts';
import { mailOfTests } from '../../support/nurture.ts';
import { happen } from '../../support/people.ts';
import { addWriters, begin, saveSequence, sequenceOf } from '../../support/sequences.ts';
import { workspace } from '../../support/workspace.ts';

interface Draft {
  id: string;
  subject: string | null;
  body: string;
  version: number;
  state: string;
}

test('a draft waits for its rep, who edits it by the link of its mail and sends it once; one is skipped, one reminded of; a call, an invitation and a task bar the way', async () => {
  const firm = await workspace({ at: '2026-03-02T11:00:00Z' });
  await addWriters(firm);
  const steps = [
    { id: 'hello', mail: { subject: 'Pumps for {{default account.name "you"}}', text: 'Dear {{default lead.first_name "colleague"}}' } },
    { id: 'gap', mail: { text: 'Skip me' } },
    { id: 'call', task: { kind: 'call', to: 'owner', title: 'Call them', timeout: '10bd' } },
    { id: 'invite', task: { kind: 'linkedin', to: 'owner', title: 'Invite them', timeout: '10bd' } },
    { id: 'post', task: { to: 'owner', title: 'Send the catalogue by post', timeout: '10bd' } },
    { id: 'last', mail: { text: 'Goodbye', mode: 'auto' } },
  ];
  await saveSequence(firm, sequenceOf({ mode: 'draft', steps }));
  await happen(firm.pool, 'signed_up', [{ email: 'mei@huadong.example', firstName: 'Mei', company: 'Huadong', timezone: 'Europe/Berlin' }]);
  const { people } = await begin(firm, ['mei@huadong.example']);
  await firm.startWorker();
  await firm.settle();
  const open = async () =>
    ((await (await firm.get('/v1/drafts?rep=ana&state=open')).json()) as { items: Draft[] }).items.map(
      ({ id, subject, body, version }) => ({
        id,
        subject,
        body,
        version,
      }),
    );
  const [draft] = await open();
  expect(draft).toMatchObject({ subject: 'Pumps for Huadong', body: 'Dear Mei', version: 0 });

  const [told] = await firm.outbox('ana@ostara.example');
  expect(told!.subject).toBe('Look through your letter to Mei');
  const link = told!.links.find((one) => one.includes('/draft/'))!.replace('http://tendril.test', '');
  const page = await (await firm.anyone.get(link)).text();
  expect(page).toContain('Dear Mei');
  expect(await open()).toHaveLength(1); // looking changes nothing

  await firm.jump('3d');
  for (const chore of draftChores(mailOfTests)) (await inTransaction(firm.pool, (tx) => chore.run(tx))).forEach(firm.poke);
  await firm.settle();
  expect((await firm.outbox('ana@ostara.example')).map(({ subject }) => subject)).toContain('Due: Look through your letter to Mei');

  const edited = await firm.patch(`/v1/drafts/${draft!.id}`, { body: 'Dear Ms Wang {{lead.title}}', version: 0 });
  expect(edited).toHaveStatus(200);
  expect(await firm.patch(`/v1/drafts/${draft!.id}`, { body: 'Late', version: 0 })).toHaveStatus(409);
  expect(await firm.post(`/v1/drafts/${draft!.id}/send`, {})).toHaveStatus(409); // nobody is to read {{lead.title}}
  const posted = (act: string, version = 1) =>
    firm.anyone.request(link, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ act, version: String(version), subject: 'Pumps', body: 'Dear Ms Wang,\nhello' }).toString(),
    });
  expect(await posted('send', 0)).toHaveStatus(422);
  expect(await posted('send')).toHaveStatus(200);
  expect(await posted('send')).toHaveStatus(409);
  await firm.settle();
  const mails = await firm.outbox('mei@huadong.example');
  expect(mails.map(({ subject, text }) => [subject, text.split('\n\n')[0]])).toEqual([['Pumps', 'Dear Ms Wang,\nhello']]);

  const [gap] = await open();
  expect(gap).toMatchObject({ subject: null, body: 'Skip me' });
  expect(await firm.post(`/v1/drafts/${gap!.id}/skip`)).toHaveStatus(200);
  await firm.settle();
  // Each task bars the way until something came of it.
  for (const [kind, outcome] of Object.entries({ call: 'no_answer', linkedin: 'connected', custom: 'done' })) {
    const { items } = (await (await firm.get('/v1/tasks?owner=ana&state=open')).json()) as { items: { id: string; kind: string }[] };
    expect(items.map((one) => one.kind)).toEqual([kind]);
    expect(await firm.outbox('mei@huadong.example')).toHaveLength(1);
    expect(await firm.post(`/v1/tasks/${items[0]!.id}/done`, { outcome })).toHaveStatus(200);
    await firm.settle();
  }
  expect((await firm.outbox('mei@huadong.example')).map(({ subject }) => subject)).toEqual(['Pumps', 'Re: Pumps']);
  expect(await (await firm.get(`/v1/sequence-runs/${people[0]!.runId}`)).json()).toMatchObject({ state: 'completed' });
  const why = JSON.stringify(await (await firm.get('/v1/leads/mei@huadong.example/why')).json());
  for (const words of ['Ana Ruiz sent the draft “Pumps”, edited', 'Ana Ruiz skipped the draft of a mail in the thread'])
    expect(why).toContain(words);
  expect((await doctor(firm.pool, { graceSeconds: 60 })).filter(({ violations }) => violations > 0)).toEqual([]);
}, 60_000);
