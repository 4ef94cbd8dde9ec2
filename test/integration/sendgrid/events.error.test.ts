import { expect, onTestFinished, test } from 'vitest';
import { sendgridEnv, startFakeSendgrid } from '../../support/fake-sendgrid.ts';
import { tell } from '../../support/sendgrid-events.ts';
import { workspace } from '../../support/workspace.ts';

test('what is malformed is refused with a reason; what means nothing here is left out; nothing of it fails on our side', async () => {
  const fake = await startFakeSendgrid();
  onTestFinished(() => fake.close());
  const firm = await workspace({ env: { ...sendgridEnv(fake), SENDGRID_WEBHOOK_LIMIT: '20000' } });
  const post = (body: string) => firm.anyone.post('/hooks/sendgrid/events', body, fake.sign(body));

  for (const body of ['', 'payload', '{}', '"text"', 'null', '[', '{"events":[]}', `${'['.repeat(200)}${']'.repeat(200)}`])
    expect(await post(body), body.slice(0, 20)).toHaveStatus(400);
  const answer = await post('{}');
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(await post(`[${'"x",'.repeat(6_000)}"x"]`)).toHaveStatus(413);

  expect(await tell(firm, fake)).toEqual({ fresh: 0, known: 0, ignored: 0 });
  const odd = [null, 1, 'x', [], {}, { event: 'open' }, { event: 'unheard', email: 'a@x.example' }] as never[];
  expect(await tell(firm, fake, ...odd)).toEqual({ fresh: 0, known: 0, ignored: 7 });

  const hard = { email: 'gone@x.example', event: 'bounce', type: 'bounce', sg_event_id: 'b1' };
  expect(
    await tell(
      firm,
      fake,
      { email: 'nul\0@x.example', event: 'delivered', sg_event_id: 'nul\0', reason: '\0\ud800' },
      { email: 'x'.repeat(2_000), event: 'open', timestamp: 1e300, sg_event_id: 'y'.repeat(5_000), url: 'z'.repeat(9_000) },
      { email: 'a@x.example', event: 'group_unsubscribe', asm_group_id: 99_999_999_999_999, timestamp: '99999999999999999999' },
      { email: 'a@x.example', event: 'delivered', tendril_send: 'nobody/knows/this', timestamp: -5 },
      hard,
    ),
  ).toEqual({ fresh: 5, known: 0, ignored: 0 });
  expect((await firm.pool.query('select address, kind from suppression order by kind')).rows).toEqual([
    { address: 'gone@x.example', kind: 'bounce' },
    { address: 'a@x.example', kind: 'unsubscribe' },
  ]);
});
