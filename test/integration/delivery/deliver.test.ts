import PostalMime from 'postal-mime';
import { expect, test } from 'vitest';
import { queueSends } from '../../../db/sends.ts';
import { workspace } from '../../support/workspace.ts';

test('a queued mail is rendered, leaves over SMTP and is accepted, once', async () => {
  const firm = await workspace();
  await firm.startWorker();
  const { rows } = await firm.pool.query<{ id: string }>(
    `insert into lead (email, first_name, last_name) values ('mei@huadong.example', 'Méi', 'Wáng') returning id`,
  );
  const mail = { sendKey: 'e1/confirm/1', class: 'transactional' as const, leadId: rows[0]!.id, template: 'form-confirmation' };
  expect(await queueSends(firm.pool, [mail])).toEqual(['transactional']);
  expect(await queueSends(firm.pool, [mail])).toEqual([]);
  firm.poke({ kind: 'delivery', lane: 'transactional' });
  await firm.settle();

  const { rows: sends } = await firm.pool.query('select state, address, subject, attempts, provider_id is not null as named from send');
  expect(sends).toEqual([{ state: 'accepted', address: 'mei@huadong.example', subject: 'We have your message', attempts: 1, named: true }]);
  const { rows: captured } = await firm.pool.query<{ raw: Buffer; subject: string; send_key: string }>('select * from captured_mail');
  expect(captured).toMatchObject([{ subject: 'We have your message', send_key: 'e1/confirm/1', to_address: 'mei@huadong.example' }]);
  const read = await PostalMime.parse(captured[0]!.raw);
  expect(read).toMatchObject({ to: [{ name: 'Méi Wáng', address: 'mei@huadong.example' }], subject: 'We have your message' });
  expect(read.text).toContain('Thank you, Méi');
  expect(read.html).toContain('Thank you, Méi');
});
