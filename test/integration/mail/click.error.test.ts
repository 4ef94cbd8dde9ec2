import { expect, test } from 'vitest';
import { signLink } from '../../../messaging/links.ts';
import { linkCode } from '../../../messaging/link-tokens.ts';
import { SECRET } from '../../support/delivery.ts';
import { FIREFOX, tokens, trackedMail } from '../../support/hits.ts';
import { workspace } from '../../support/workspace.ts';

test('a link cut off, changed, or of which nobody knows where it led, is not ours, and says so', async () => {
  const firm = await workspace();
  const mail = await trackedMail(firm.pool, 'mei@huadong.example');
  const path = mail.link('study');
  const refused = [
    path.slice(0, -1),
    path.slice(0, 20),
    `${path}A`,
    path.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
    `/c/${tokens.ofMail(mail.sendId).click(linkCode('gone', 'https://firm.example/gone'), 0)}`,
    '/c/https%3A%2F%2Fevil.example',
    `/c/${'A'.repeat(45)}`,
    '/c/%00',
  ];
  for (const one of refused) {
    const answer = await firm.anyone.get(one, FIREFOX);
    expect(answer, one).toHaveStatus(404);
    expect(answer.headers.get('content-type')).toContain('problem+json');
  }
  expect(await firm.anyone.get(`/c/${'A'.repeat(5_000)}`)).toHaveStatus(422);
  expect(await mail.hits()).toEqual([]);
});

test('whoever kept a mail that is gone is led on; so is everybody while nothing can be noted', async () => {
  const firm = await workspace();
  const nobodys = '00000000-0000-7000-8000-000000000000';
  expect(await firm.anyone.get(`/c/${signLink(SECRET, 'click', { s: nobodys, l: 'x', u: 'https://firm.example/' })}`)).toHaveStatus(302);
  const mail = await trackedMail(firm.pool, 'mei@huadong.example');
  await firm.pool.query('alter table hit rename to hidden');
  const answer = await firm.anyone.get(mail.link('study'), FIREFOX);
  expect(answer).toHaveStatus(302);
  expect(await firm.anyone.get(mail.picture, FIREFOX)).toHaveStatus(200);
});

test('whatever was filled into a link for one person, it leads there', async () => {
  const firm = await workspace();
  const { sendId } = await trackedMail(firm.pool, 'mei@huadong.example');
  const leads = async (u: string): Promise<string | null> => {
    const answer = await firm.anyone.get(`/c/${signLink(SECRET, 'click', { s: sendId, l: 'quote', u })}`, FIREFOX);
    return answer.status === 302 ? answer.headers.get('location') : String(answer.status);
  };
  expect(await leads('https://firm.example/quote/7?a=%20b')).toBe('https://firm.example/quote/7?a=%20b');
  expect(await leads('https://firm.example/quote/Halle 3\r\nX-Evil: 1')).toBe('https://firm.example/quote/Halle%203X-Evil:%201');
  expect(await leads('https://firm.example/上海/\ud83d')).toBe('https://firm.example/%E4%B8%8A%E6%B5%B7/%EF%BF%BD');
  expect(await leads('https://firm example/')).toBe('404');
});
