import { AxeBuilder } from '@axe-core/playwright';
import { expect, test } from 'vitest';
import { openBrowser } from '../../support/browser.ts';
import { addCampaign, addEnrolment, addPerson } from '../../support/ground.ts';
import { workspace } from '../../support/workspace.ts';

/** A firm with somebody under way in a campaign, and somebody with sales who is kept waiting. */
async function busyFirm(options: Parameters<typeof workspace>[0] = {}) {
  const firm = await workspace({ at: '2027-03-03T09:14:00Z', reps: ['ana'], ...options });
  const mei = await addPerson(firm.pool, 'mei@huadong.example');
  await addEnrolment(
    firm.pool,
    await addCampaign(firm.pool, 'trial', [
      { id: 'hello', send: 'welcome' },
      { id: 'w1', wait: '2d' },
    ]),
    mei,
  );
  await firm.pool.query(
    `insert into opportunity (lead_id, account_id, pool_id, state, source, owner_rep_id, rung, offered_at, next_look_at, breached_at)
     select l.id, l.account_id, p.id, 'offered', 'score', r.id, 5, clock() - interval '5 hours', clock() + interval '20 minutes', clock()
       from lead l, pool p, rep r where l.id = $1`,
    [mei],
  );
  await firm.pool.query(
    "insert into submission (form_key, provider, raw, state, reason, review_due_at) values ('contact', 'json', '{}', 'review', 'no usable email or phone', clock() + interval '4 hours')",
  );
  return firm;
}

test('the overview shows campaigns with counts, leads with scores, sales with their clock, and what waits', async () => {
  const firm = await busyFirm();
  const answer = await firm.anyone.get('/');
  expect(answer).toHaveStatus(200);
  const text = (await answer.text()).replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
  expect(text).toContain('the clock stands still');
  expect(text).toContain('send welcome hello 1 here 0 passed');
  expect(text).toContain('Mei Lin');
  expect(text).toContain('Ana');
  expect(text).toContain('breached');
  expect(text).toContain('in 20 min');
  expect(text).toContain('no usable email or phone');
  expect(text).not.toContain('All sending is stopped');

  // Whose last name nobody knows goes by the first, not by the address.
  await firm.pool.query("update lead set name = null, first_name = 'Meimei', last_name = null");
  expect((await (await firm.anyone.get('/')).text()).match(/>Meimei</g)).toHaveLength(2);

  await firm.post('/v1/sending', { stopped: true });
  expect(await (await firm.anyone.get('/')).text()).toContain('All sending is stopped');
});

test('the demonstration says what it is and how fast its days pass', async () => {
  const firm = await busyFirm();
  await firm.pool.query("update workspace set demo = true, name = 'Ostara Pumps'");
  await firm.post('/v1/clock', { action: 'rate', rate: '1d=10s' });
  const text = await (await firm.anyone.get('/')).text();
  expect(text).toContain('one day passes every ten seconds');
  expect(text).toMatch(/Demonstration.*invented\s+firm.*simulated/s);
});

test('an empty workspace says what to do, and a name is never markup', async () => {
  const firm = await workspace();
  expect(await (await firm.anyone.get('/')).text()).toContain('tendril campaign launch');
  await addPerson(firm.pool, 'x@huadong.example', { name: '<script>alert(1)</script>' });
  expect(await (await firm.anyone.get('/')).text()).toContain('&lt;script&gt;');
});

test('in production the overview asks for the admin key as a password', async () => {
  const firm = await workspace({ env: { TENDRIL_ENV: 'production' } });
  const refused = await firm.anyone.get('/');
  expect(refused).toHaveStatus(401);
  expect(refused.headers.get('www-authenticate')).toContain('Basic');
  const basic = (key: string) => firm.anyone.get('/', { authorization: `Basic ${Buffer.from(`admin:${key}`).toString('base64')}` });
  expect(await basic(await firm.newKey('read'))).toHaveStatus(401);
  expect(await basic(firm.adminKey)).toHaveStatus(200);
});

/** Cards hide what does not fit into them: whatever is cut off is told by its first words. */
const CUT_OFF =
  "[...document.querySelectorAll('.card')].filter((card) => card.scrollWidth > card.clientWidth).map((card) => card.textContent.trim().slice(0, 40))";

test('what is long is broken and not cut off, on a desk and on a phone: names, addresses, subjects', async () => {
  const firm = await busyFirm();
  const email = 'bartholomew.featherstonehaugh@northern-water-treatment-company.example';
  await addPerson(firm.pool, email, { name: 'Bartholomew Featherstonehaugh-Cholmondeley' });
  await firm.pool.query("update lead_score set fit = 'A', engagement = 70, level = 'warm'");
  await firm.pool.query("update lead set created_at = clock() - interval '13 days 18 hours', stage = 'disqualified', company = null");
  const subject = 'Kitty Cholmondeley, Northern Water Treatment Company: an answer has come that somebody should look at';
  await firm.pool.query(`insert into captured_mail (from_address, to_address, subject, raw) values ('a@firm.example', $1, $2, '')`, [
    email,
    subject,
  ]);
  const url = await firm.listen();
  const browser = await openBrowser();
  try {
    for (const width of [1920, 1280, 1080, 640, 390, 320]) {
      const page = await (await browser.newContext({ viewport: { width, height: 800 } })).newPage();
      for (const path of ['/', '/outbox']) {
        await page.goto(url + path);
        expect([width, path, await page.evaluate(CUT_OFF)]).toEqual([width, path, []]);
      }
    }
  } finally {
    await browser.close();
  }
}, 180_000);

test('in a browser it fits desktop and phone, is accessible in light and dark, and keeps itself fresh without a jump', async () => {
  const firm = await busyFirm();
  const url = await firm.listen();
  const browser = await openBrowser();
  try {
    for (const [width, colorScheme] of [
      [1280, 'light'],
      [390, 'dark'],
      [320, 'light'],
    ] as const) {
      const page = await (await browser.newContext({ viewport: { width, height: 800 }, colorScheme })).newPage();
      const faults: string[] = [];
      page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
      await page.goto(url);
      expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      expect(faults).toEqual([]);
    }
    const page = await (await browser.newContext({ viewport: { width: 390, height: 500 } })).newPage();
    await page.goto(url);
    await page.evaluate('scrollTo(0, 400)');
    await addPerson(firm.pool, 'late@huadong.example', { name: 'Late Comer', at: '2027-03-03T09:13:00Z' });
    await page.getByText('Late Comer').waitFor({ timeout: 20_000 });
    expect(await page.evaluate('scrollY')).toBe(400);
  } finally {
    await browser.close();
  }
}, 180_000);
