import { expect, test } from 'vitest';
import { signLink } from '../../../messaging/links.ts';
import { leadWithMail, SECRET } from '../../support/delivery.ts';
import { workspace } from '../../support/workspace.ts';

test('a link that was changed, cut off or made for something else unsubscribes nobody', async () => {
  const firm = await workspace();
  const leadId = await leadWithMail(firm.pool, 'mei@huadong.example');
  const payload = { l: leadId, t: null, s: leadId };
  const token = signLink(SECRET, 'unsubscribe', payload);
  for (const wrong of [
    token.slice(0, -3),
    `x${token}`,
    signLink(SECRET, 'click', payload),
    signLink('another secret', 'unsubscribe', payload),
    'nonsense',
  ]) {
    expect(await firm.anyone.get(`/u/${wrong}`)).toHaveStatus(404);
    expect(await firm.anyone.post(`/u/${wrong}`, new URLSearchParams({ what: 'all' }))).toHaveStatus(404);
  }
  expect((await firm.pool.query('select from suppression')).rowCount).toBe(0);
});

test('a lead that is gone is told so, and nothing breaks', async () => {
  const firm = await workspace();
  const token = signLink(SECRET, 'unsubscribe', { l: '00000000-0000-7000-8000-000000000000', t: 'news', s: 'x' });
  expect(await firm.anyone.get(`/u/${token}`)).toHaveStatus(200);
  expect(await firm.anyone.post(`/u/${token}`)).toHaveStatus(200);
});
