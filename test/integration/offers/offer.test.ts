import { describe, expect, test } from 'vitest';
import { inTransaction } from '../../../db/pool.ts';
import { signLink } from '../../../messaging/links.ts';
import { addLeads, handToSales, lookingAfter, opportunity } from '../../support/sales.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

const MONDAY = '2026-11-23T09:00:00Z';

/** An opportunity on offer, and the paths of the links of the mails about it, the newest last. */
async function offered(firm: Workspace) {
  const [id] = await handToSales(firm.pool, await addLeads(firm.pool, 1));
  const { lookAfter } = lookingAfter(firm.pool);
  await lookAfter({ opportunityId: id! });
  return { id: id!, look: () => lookAfter({ opportunityId: id! }), links: () => linksOf(firm, id!) };
}

async function linksOf({ pool }: Workspace, id: string) {
  const { rows } = await pool.query<{ accept: string; reject: string }>(
    `select params ->> 'acceptUrl' as accept, params ->> 'rejectUrl' as reject from send
      where opportunity_id = $1 and params ->> 'acceptUrl' is not null order by queued_at, id`,
    [id],
  );
  const path = (url: string) => new URL(url).pathname;
  return rows.map((row) => ({ accept: path(row.accept), reject: path(row.reject) }));
}

const form = (fields: Record<string, string>) => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams(fields).toString(),
});
const visit = (firm: Workspace, path: string, init?: RequestInit) => firm.fetch(new Request(`http://tendril.test${path}`, init));

describe('the links of a lead’s card', () => {
  test('looking shows the lead and changes nothing; the form accepts, once', async () => {
    const firm = await workspace({ reps: ['ana', 'ben'], at: MONDAY });
    const { id, links } = await offered(firm);
    const [{ accept, reject }] = (await links()) as [{ accept: string; reject: string }];

    for (const method of ['GET', 'HEAD']) expect((await visit(firm, accept, { method })).status).toBe(200);
    const page = await (await visit(firm, accept)).text();
    expect(page).toContain('Lead 1');
    expect(await opportunity(firm.pool, id)).toMatchObject({ state: 'offered', epoch: 1 });

    const done = await visit(firm, accept, form({}));
    expect(done.status).toBe(200);
    expect(done.headers.get('content-type')).toMatch('text/html');
    expect(await opportunity(firm.pool, id)).toMatchObject({ state: 'accepted', owner: 'ana' });
    for (const again of [accept, reject]) {
      expect((await visit(firm, again)).status).toBe(409);
      const late = await visit(firm, again, form({ reason: 'junk' }));
      expect(late.status).toBe(409);
      expect(await late.text()).toContain('You have accepted this lead already');
    }
  });

  test('what is given to somebody else this very moment is not answered by whoever had it', async () => {
    const firm = await workspace({ reps: ['ana', 'ben'], at: MONDAY });
    const { id, links } = await offered(firm);
    await visit(firm, (await links())[0]!.accept, form({}));
    const { rows } = await firm.pool.query<{ key: string; id: string }>('select key, id from rep order by key');
    const token = signLink(firm.config.TENDRIL_SECRET!, 'case', { o: id, r: rows[0]!.id }, new Date('2026-12-23T09:00:00Z'));
    let late: Promise<Response> | undefined;
    await inTransaction(firm.pool, async (tx) => {
      await tx.query('update opportunity set owner_rep_id = $2, epoch = epoch + 1 where id = $1', [id, rows[1]!.id]);
      late = Promise.resolve(visit(firm, `/o/${token}`, form({ act: 'reject', reason: 'junk' })));
      await new Promise((resolve) => setTimeout(resolve, 300));
    });
    expect((await late!).status).toBe(409);
    expect(await opportunity(firm.pool, id)).toMatchObject({ state: 'accepted', owner: 'ben' });
  });

  test('rejecting asks for a reason, and for a day to come', async () => {
    const firm = await workspace({ reps: ['ana'], at: MONDAY });
    const { id, links } = await offered(firm);
    const { reject } = (await links())[0]!;
    expect(await (await visit(firm, reject)).text()).toContain('Not now');
    expect((await visit(firm, reject, form({}))).status).toBe(422);
    expect((await visit(firm, reject, form({ reason: 'not_now', resumeOn: '2020-01-01' }))).status).toBe(422);
    expect((await visit(firm, reject, form({ reason: 'not_now', resumeOn: '2027-02-01', note: 'In\0 spring' }))).status).toBe(200);
    expect(await opportunity(firm.pool, id)).toMatchObject({ state: 'recycled', resumeAt: new Date('2027-02-01T00:00:00Z') });
  });

  test('of two reps who were asked the first to accept has it; the other learns who', async () => {
    const firm = await workspace({ reps: ['ana', 'ben', 'eva'], at: MONDAY });
    const { id, look, links } = await offered(firm);
    await firm.jump('15m');
    await look();
    const [first, , backup] = (await links()) as { accept: string }[];
    expect(await opportunity(firm.pool, id)).toMatchObject({ owner: 'ana', asked: 'ben' });
    expect((await visit(firm, backup!.accept, form({}))).status).toBe(200);
    expect(await opportunity(firm.pool, id)).toMatchObject({ state: 'accepted', owner: 'ben' });
    const late = await visit(firm, first!.accept, form({}));
    expect(late.status).toBe(409);
    expect(await late.text()).toContain('Ben has accepted this lead');
  });

  test('after a reassignment the old link is worth nothing', async () => {
    const firm = await workspace({ reps: ['ana', 'ben'], at: MONDAY });
    const { id, look, links } = await offered(firm);
    await firm.jump('30m');
    await look();
    expect(await opportunity(firm.pool, id)).toMatchObject({ state: 'offered', owner: 'ben' });
    const late = await visit(firm, (await links())[0]!.accept, form({}));
    expect(late.status).toBe(410);
    expect(await late.text()).toContain('now offered to Ben');
  });

  test('expired, tampered with, cut off or made for something else: a page says so, and nothing happens', async () => {
    const firm = await workspace({ reps: ['ana'], at: MONDAY });
    const { id, links } = await offered(firm);
    const { accept } = (await links())[0]!;
    const [body, signature] = accept.slice(3).split('.') as [string, string];
    const other = Buffer.from(JSON.stringify({ p: { o: id, e: 1, r: id } })).toString('base64url');
    for (const wrong of [
      `${body}.${signature.slice(0, -2)}`,
      `${other}.${signature}`,
      body,
      signLink('a secret of the tests, long enough', 'unsubscribe', { o: id, e: 1, r: id }),
      'x',
      'x'.repeat(3_000),
    ]) {
      const answer = await visit(firm, `/o/${wrong}`, form({}));
      expect([answer.status, answer.headers.get('content-type')]).toEqual([404, expect.stringMatching('text/html')]);
    }
    await firm.jump('15d');
    expect((await visit(firm, accept)).status).toBe(410);
    expect((await visit(firm, accept, form({}))).status).toBe(410);
    expect((await opportunity(firm.pool, id)).state).toBe('offered');
  });

  test('what a visitor wrote is shown as text, never as markup', async () => {
    const firm = await workspace({ reps: ['ana'], at: MONDAY });
    const { id, links } = await offered(firm);
    await firm.pool.query(`update lead set name = '<script>alert(1)</script>' where id = (select lead_id from opportunity where id = $1)`, [
      id,
    ]);
    const page = await visit(firm, (await links())[0]!.accept);
    expect(await page.text()).not.toContain('<script>alert');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  });
});

describe('the link of a lead that a rep has', () => {
  /** Accepted by its page; the path of the page where they say how it stands. */
  async function taken(firm: Workspace) {
    const one = await offered(firm);
    const done = await (await visit(firm, (await one.links())[0]!.accept, form({}))).text();
    return { ...one, own: /href="(\/o\/[^"]+)"/.exec(done)![1]! };
  }

  test('one tap says that they have talked', async () => {
    const firm = await workspace({ reps: ['ana', 'ben'], at: MONDAY });
    const { id, own } = await taken(firm);
    expect(await (await visit(firm, own)).text()).toContain('How does it stand with Lead 1?');
    expect(await opportunity(firm.pool, id)).toMatchObject({ state: 'accepted' });
    expect((await visit(firm, own, form({ act: 'talked' }))).status).toBe(200);
    expect(await opportunity(firm.pool, id)).toMatchObject({ state: 'touched' });
  });

  test('it is put off within limits, given back with a reason, and then the link is worth nothing', async () => {
    const firm = await workspace({ reps: ['ana', 'ben'], at: MONDAY });
    const { id, own } = await taken(firm);
    for (const wrong of [
      { until: '', why: '' },
      { until: '2026-12-01', why: '' },
      { until: '2020-01-01', why: 'x' },
      { until: '2099-01-01', why: 'x' },
    ])
      expect((await visit(firm, own, form({ act: 'snooze', ...wrong }))).status, JSON.stringify(wrong)).toBe(422);
    const put = await visit(firm, own, form({ act: 'snooze', until: '2026-12-01', why: 'After the <b>fair</b>' }));
    expect(put.status).toBe(200);
    expect(await opportunity(firm.pool, id)).toMatchObject({ nextLookAt: new Date('2026-12-01T09:00:00Z') });
    expect((await visit(firm, own, form({ act: 'reject' }))).status).toBe(422);
    expect((await visit(firm, own, form({ act: 'reject', reason: 'wrong_rep' }))).status).toBe(200);
    expect(await opportunity(firm.pool, id)).toMatchObject({ state: 'queued', owner: null });
    const late = await visit(firm, own, form({ act: 'talked' }));
    expect(late.status).toBe(409);
    expect(await late.text()).toContain('not with you any more');
  });

  test('an offer can be taken for later with one form', async () => {
    const firm = await workspace({ reps: ['ana'], at: MONDAY });
    const { id, links } = await offered(firm);
    const { accept, reject } = (await links())[0]!;
    expect((await visit(firm, reject, form({ act: 'snooze', until: '2026-12-01', why: 'x' }))).status).toBe(422);
    expect((await visit(firm, accept, form({ act: 'snooze', until: '2026-12-01', why: 'Holidays' }))).status).toBe(200);
    expect(await opportunity(firm.pool, id)).toMatchObject({
      state: 'accepted',
      owner: 'ana',
      nextLookAt: new Date('2026-12-01T09:00:00Z'),
    });
  });
});
