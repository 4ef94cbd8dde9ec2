import { expect, test } from 'vitest';
import { happen } from '../../support/people.ts';
import { addWriters, begin, saveSequence } from '../../support/sequences.ts';
import { workspace } from '../../support/workspace.ts';

test('while the mailbox of a rep cannot be read their letters wait, since an answer may lie in it', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z' });
  await addWriters(firm);
  const box = { host: '127.0.0.1', port: 9, tls: 'none', username: 'ana', password: 'p' };
  expect(await firm.put('/v1/reps/ana/mailbox', box)).toHaveStatus(200);
  await firm.pool.query(`insert into mailbox (key, failures) select mailbox_key, 3 from rep_mailbox`);
  await saveSequence(firm);
  await happen(firm.pool, 'signed_up', [{ email: 'mei@huadong.example' }, { email: 'li@huadong.example' }]);
  await begin(firm, ['mei@huadong.example']);
  await begin(firm, ['li@huadong.example'], 'ben');
  await firm.startWorker();
  await firm.settle();
  expect((await firm.outbox()).map(({ to }) => to)).toEqual(['li@huadong.example']);
  for (let n = 0; n < 2; n++) {
    await firm.jump('30m');
    await firm.settle();
  }
  expect(await firm.outbox('mei@huadong.example')).toEqual([]);
  const why = await (await firm.get('/v1/leads/mei@huadong.example/why')).text();
  expect(why.split('the mailbox of its rep cannot be read')).toHaveLength(2);

  expect(await firm.delete('/v1/reps/ana/mailbox')).toHaveStatus(204);
  await firm.jump('30m');
  await firm.settle();
  expect(await firm.outbox('mei@huadong.example')).toHaveLength(1);
});
