import { expect, test } from 'vitest';
import { createLinkTokens, linkCode } from '../../../messaging/link-tokens.ts';
import { signLink } from '../../../messaging/links.ts';
import { SECRET } from '../../support/delivery.ts';
import { FIREFOX, trackedMail } from '../../support/hits.ts';
import { workspace } from '../../support/workspace.ts';

test('no one else’s link leads anywhere: another secret, another purpose, another mail’s seal', async () => {
  const firm = await workspace();
  const mail = await trackedMail(firm.pool, 'mei@huadong.example');
  const other = await trackedMail(firm.pool, 'ana@huadong.example');
  const elsewhere = { s: mail.sendId, l: 'x', u: 'https://evil.example/' };
  const forged = createLinkTokens('another secret of the tests, long').ofMail(mail.sendId);
  const swapped = other.link('study').slice(0, 3 + 22) + mail.link('study').slice(3 + 22);
  for (const path of [
    `/c/${signLink('another secret', 'click', elsewhere)}`,
    `/c/${signLink(SECRET, 'unsubscribe', elsewhere)}`,
    `/c/${forged.click(linkCode('study', mail.urlOf('study')), 0)}`,
    swapped,
    mail.picture.replace('/i/', '/c/').replace('.gif', ''),
  ])
    expect(await firm.anyone.get(path, FIREFOX), path).toHaveStatus(404);
  const honest = await firm.anyone.get(`${mail.link('study')}?u=https://evil.example&url=//evil.example`, FIREFOX);
  expect(honest.headers.get('location')).toBe(mail.urlOf('study'));
  expect(honest.headers.get('x-robots-tag')).toContain('noindex');
  expect(honest.headers.get('cache-control')).toBe('no-store');
  expect(honest.headers.get('set-cookie')).toBeNull();
});

test('HEAD, prefetchers, libraries and the nameless are led on and never a person', async () => {
  const firm = await workspace({ at: '2026-03-02T09:00:00Z' });
  const requests: [RequestInit, string][] = [
    [{ method: 'HEAD' }, 'head'],
    [{ headers: { purpose: 'prefetch' } }, 'prefetch'],
    [{ headers: { 'sec-purpose': 'prefetch;prerender' } }, 'prefetch'],
    [{ headers: { 'x-moz': 'prefetch' } }, 'prefetch'],
    [{ headers: { 'user-agent': 'Go-http-client/2.0' } }, 'program'],
    [{ headers: { 'user-agent': '' } }, 'nameless'],
  ];
  for (const [i, [init, reason]] of requests.entries()) {
    const mail = await trackedMail(firm.pool, `r${i}@huadong.example`);
    expect(await firm.anyone.request(mail.link('study'), init)).toHaveStatus(302);
    expect(await mail.hits()).toEqual([`study ${reason}`]);
    expect(await mail.events()).toEqual([]);
  }
});

test('a caller who only tries whether we count fills no table, and what it says of itself is kept short', async () => {
  const firm = await workspace();
  const mail = await trackedMail(firm.pool, 'mei@huadong.example');
  await firm.pool.query(
    `insert into hit (send_id, lead_id, kind, link, source, judge_at_real) select $1, $2, 'click', 'x', 'mail', now() from generate_series(1, 499)`,
    [mail.sendId, mail.leadId],
  );
  for (let i = 0; i < 3; i++) await firm.anyone.get(mail.link('study'), { 'user-agent': 'x'.repeat(5_000) });
  const { rows } = await firm.pool.query<{ n: number; longest: number }>(
    'select count(*)::int as n, max(length(user_agent)) as longest from hit',
  );
  expect(rows[0]).toEqual({ n: 500, longest: 400 });
});
