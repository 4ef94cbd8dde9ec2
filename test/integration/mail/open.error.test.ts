import { expect, test } from 'vitest';
import { tokens, trackedMail } from '../../support/hits.ts';
import { workspace } from '../../support/workspace.ts';

test('a picture that is not ours, or was cut off, is none; one of a mail that is gone is a picture still', async () => {
  const firm = await workspace();
  const mail = await trackedMail(firm.pool, 'mei@huadong.example');
  for (const path of [
    mail.picture.replace('.gif', ''),
    mail.picture.slice(0, -5),
    mail.picture.replace('.gif', 'A.gif'),
    '/i/x.gif',
    '/i/%00.gif',
  ])
    expect(await firm.anyone.get(path), path).toHaveStatus(404);
  expect(await firm.anyone.get(`/i/${'A'.repeat(200)}.gif`)).toHaveStatus(422);
  expect(await mail.hits()).toEqual([]);
  expect(await firm.anyone.get(`/i/${tokens.ofMail('00000000-0000-7000-8000-000000000000').open()}.gif`)).toHaveStatus(200);
});
