import { expect, test } from 'vitest';
import { judgeAll, SAFARI, trackedMail } from '../../support/hits.ts';
import { workspace } from '../../support/workspace.ts';

const GMAIL = { 'user-agent': 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)' };
const APPLE = { 'user-agent': 'Mozilla/5.0' };

test('a picture of one pixel; what a person loads is an open, what a proxy loads for everybody is none', async () => {
  const firm = await workspace();
  const mail = await trackedMail(firm.pool, 'mei@huadong.example', [], { stepId: 'welcome' });
  for (const proxy of [GMAIL, APPLE]) expect(await firm.anyone.get(mail.picture, proxy)).toHaveStatus(200);
  expect(await firm.anyone.request(mail.picture, { method: 'HEAD' })).toHaveStatus(200);
  const answer = await firm.anyone.get(mail.picture, SAFARI);
  expect(answer).toHaveStatus(200);
  expect(answer.headers.get('content-type')).toBe('image/gif');
  expect(answer.headers.get('cache-control')).toContain('no-store');
  expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  expect(
    Buffer.from(await answer.arrayBuffer())
      .subarray(0, 6)
      .toString(),
  ).toBe('GIF89a');

  expect(await mail.events()).toEqual([]);
  await judgeAll(firm.pool);
  expect(await mail.hits()).toEqual(['open proxy', 'open proxy', 'open head', 'open human']);
  expect(await mail.events()).toMatchObject([{ name: 'email_opened', properties: { send: mail.sendId, step: 'welcome' } }]);
});
