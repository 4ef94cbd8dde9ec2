import { expect, test } from 'vitest';
import { createLinkTokens } from '../../../messaging/link-tokens.ts';
import { trackedMail } from '../../support/hits.ts';
import { workspace } from '../../support/workspace.ts';

test('nobody opens a mail for another: another secret, another mail’s seal, a link’s token', async () => {
  const firm = await workspace();
  const mail = await trackedMail(firm.pool, 'mei@huadong.example');
  const other = await trackedMail(firm.pool, 'ana@huadong.example');
  for (const path of [
    `/i/${createLinkTokens('another secret of the tests, long').ofMail(mail.sendId).open()}.gif`,
    other.picture.slice(0, 25) + mail.picture.slice(25),
    `${mail.link('study').replace('/c/', '/i/')}.gif`,
  ])
    expect(await firm.anyone.get(path), path).toHaveStatus(404);
  expect([...(await mail.hits()), ...(await other.hits())]).toEqual([]);
});

test('the picture tells its page nothing and sets nothing', async () => {
  const firm = await workspace();
  const mail = await trackedMail(firm.pool, 'mei@huadong.example');
  const answer = await firm.anyone.get(mail.picture);
  expect(answer.headers.get('set-cookie')).toBeNull();
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  expect(answer.headers.get('access-control-allow-origin')).toBeNull();
});
