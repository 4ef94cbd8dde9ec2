import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { backAddress } from '../../../messaging/inbound/address.ts';
import { comesBack, inboundEnv, mailed, mailedBy } from '../../support/mail-back.ts';
import { type Workspace, workspace } from '../../support/workspace.ts';

/** Mails as they really are, of every kind; not ours to keep, so they lie beside the repository. */
const FOLDER = new URL('../../../../shared/fixtures/', import.meta.url);
const there = existsSync(FOLDER);
if (!there) console.warn('skipped: ../shared/fixtures is not here, so no real mails are tried');

/** Whom each is about, and what it is to be. */
const mails = {
  'mail/dsn-hard-5.1.1-postfix.eml': ['kijitora@example.org', 'bounce'],
  'mail/dsn-soft-4.2.2-failed.eml': ['pseudo-local-part-kijitora-neko-nyaan@mac.com', 'bounce'],
  'mail/dsn-delayed-4.2.2.eml': ['fraser@oooooooo.com.au', 'bounce'],
  'mail/ooo-auto-replied.eml': ['kijitora@example.net', 'auto_reply'],
  'mail/ooo-exchange-en.eml': ['kijitora@example.org', 'auto_reply'],
  'mail/ooo-qq-zh.eml': ['1000000000@qq.com', 'auto_reply'],
  'mail/human-reply-gmail.eml': ['megan@example.org', 'reply'],
  'mail/arf-complaint-rfc5965.eml': ['user@example.com', 'complaint'],
  'sendgrid/inbound-parse-multipart.txt': ['alex.sample@example.org', 'reply'],
} as const;
type Name = keyof typeof mails;
const names = Object.keys(mails) as Name[];

let firm: Workspace;
beforeAll(async () => {
  firm = await workspace({ at: '2026-03-02T09:00:00Z', reps: ['ana'], env: inboundEnv });
  return firm.close;
});

async function arrives(name: Name, to: readonly string[] = [], about?: string): Promise<{ kind: string; state: string }> {
  const bytes = readFileSync(new URL(name, FOLDER));
  if (name.startsWith('mail/')) return comesBack(firm, about === undefined ? bytes : broughtBack(bytes, about), to);
  const headers = { 'content-type': 'multipart/form-data; boundary=xYzZY' };
  const path = `/hooks/sendgrid/inbound/${inboundEnv.INBOUND_SECRET}`;
  const answer = await firm.anyone.request(path, { method: 'POST', body: new Uint8Array(bytes), headers });
  expect(answer).toHaveStatus(200);
  return (await answer.json()) as { kind: string; state: string };
}

/** A report with the mail of ours in it that it is about, as it would have it: those in the files are about others' mails. */
function broughtBack(bytes: Buffer, sendKey: string): Buffer {
  const mark = (head: string): string => `${head}X-Tendril-Send: ${sendKey}\n`;
  return Buffer.from(
    bytes.toString('latin1').replace(/^Content-Type: (message\/rfc822|text\/rfc822-headers)[^]*?\r?\n\r?\n/im, mark),
    'latin1',
  );
}

async function state() {
  const all = async (sql: string): Promise<unknown[]> =>
    (await firm.pool.query<{ row: unknown }>(`select to_jsonb(x) as row from (${sql}) x`)).rows.map(({ row }) => row);
  return {
    suppressed: await all('select address, kind, scope from suppression order by address'),
    events: await all(
      `select l.email, e.name, e.properties ->> 'returns' as returns, e.properties -> 'permanent' as permanent from event e join lead l on l.id = e.lead_id order by l.email, e.name`,
    ),
    tasks: await all(
      'select l.email, t.state, r.key as owner from task t join lead l on l.id = t.lead_id join rep r on r.id = t.owner_rep_id order by l.email',
    ),
    forwarded: await all(`select l.email from send s join lead l on l.id = s.lead_id where s.template = 'reply-received' order by l.email`),
    told: await all('select address, kind, status from delivery_event order by address, kind'),
    waiting: await all(`select kind from inbound_mail where state <> 'done'`),
  };
}

test.skipIf(!there).for(['to anybody', 'through the relay'] as const)(
  'every mail there is has its effect, once, in whatever order they come, %s',
  async (way) => {
    const addresses = [...new Set(names.map((name) => mails[name][0]))];
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...names, ...names], { minLength: names.length * 2 }), async (order) => {
        await firm.pool.query('truncate inbound_mail, suppression, delivery_event, event, task, send, lead, alert cascade');
        const back = new Map<string, { to: string[]; about?: string }>();
        for (const address of addresses) {
          const { sendId, sendKey } = way === 'to anybody' ? await mailed(firm, address) : await mailedBy(firm, address, 'ana');
          const secret = firm.config.TENDRIL_SECRET!;
          const to = backAddress(secret, 'reply', sendId, inboundEnv.INBOUND_DOMAIN);
          back.set(address, way === 'to anybody' ? { to: [], about: sendKey } : { to: [to] });
        }
        for (const name of order) {
          const { to, about } = back.get(mails[name][0])!;
          expect([name, (await arrives(name, to, about)).kind]).toEqual([name, mails[name][1]]);
        }
        expect(await state()).toEqual({
          suppressed: [
            { address: 'kijitora@example.org', kind: 'bounce', scope: 'all' },
            { address: 'user@example.com', kind: 'complaint', scope: 'all' },
          ],
          events: expect.arrayContaining([
            { email: 'kijitora@example.org', name: 'email_bounced', returns: null, permanent: true },
            { email: 'pseudo-local-part-kijitora-neko-nyaan@mac.com', name: 'email_bounced', returns: null, permanent: false },
            { email: '1000000000@qq.com', name: 'email_auto_replied', returns: null, permanent: null },
            { email: 'kijitora@example.net', name: 'email_auto_replied', returns: '2005-05-05', permanent: null },
            { email: 'kijitora@example.org', name: 'email_auto_replied', returns: '2013-07-31', permanent: null },
            { email: 'megan@example.org', name: 'email_replied', returns: null, permanent: null },
            { email: 'alex.sample@example.org', name: 'email_replied', returns: null, permanent: null },
          ]),
          tasks: [
            { email: 'alex.sample@example.org', state: 'open', owner: 'ana' },
            { email: 'megan@example.org', state: 'open', owner: 'ana' },
          ],
          forwarded: [{ email: 'alex.sample@example.org' }, { email: 'megan@example.org' }],
          told: [
            { address: 'fraser@oooooooo.com.au', kind: 'deferred', status: '4.2.2' },
            { address: 'kijitora@example.org', kind: 'bounced', status: '5.1.1' },
            { address: 'pseudo-local-part-kijitora-neko-nyaan@mac.com', kind: 'blocked', status: '4.2.2' },
            { address: 'user@example.com', kind: 'complained', status: null },
          ],
          waiting: [],
        });
      }),
      { numRuns: 1 },
    );
  },
);

test.skipIf(!there)('reports that know nothing but an address have no effect, though we have just written to it', async () => {
  await firm.pool.query('truncate inbound_mail, suppression, delivery_event, event, task, send, lead, alert cascade');
  const reports = names.filter((name) => ['bounce', 'complaint'].includes(mails[name][1]));
  for (const name of reports) await mailed(firm, mails[name][0]);
  for (const name of reports) expect([name, await arrives(name)]).toMatchObject([name, { kind: mails[name][1], state: 'review' }]);
  expect(await state()).toMatchObject({ suppressed: [], events: [], told: [] });
});

test.skipIf(!there)('of people whom we never wrote to they have none, and wait for a person', async () => {
  await firm.pool.query('truncate inbound_mail, suppression, delivery_event, event, task, send, lead, alert cascade');
  for (const name of names) expect([name, (await arrives(name)).state]).toEqual([name, 'review']);
  expect(await state()).toMatchObject({ suppressed: [], events: [], tasks: [], told: [] });
});
