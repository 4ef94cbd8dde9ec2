import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { workspace } from '../../support/workspace.ts';

const csv = { 'content-type': 'text/csv' };

async function firmWithList() {
  const firm = await workspace();
  return {
    ...firm,
    import: (file: string | Uint8Array<ArrayBuffer>, query = '', headers = {}) =>
      firm.request(`/v1/suppressions/import${query}`, {
        method: 'POST',
        body: file,
        headers: { ...csv, ...headers, authorization: `Bearer ${firm.adminKey}` },
      }),
    kept: async () =>
      (await firm.pool.query<{ line: string }>(`select concat_ws(' ', address, kind, scope) as line from suppression order by 1`)).rows.map(
        ({ line }) => line,
      ),
  };
}

test('a list is looked at first, then barred, once: duplicates, faults and people we know are told apart; it comes out as it went in', async () => {
  const firm = await firmWithList();
  const { rows } = await firm.pool.query<{ id: string }>(
    `insert into lead (email) values ('mei@huadong.example'), ('ana@x.example') returning id`,
  );
  const campaignId = (
    await firm.pool.query<{ id: string }>(`insert into campaign (key, name, state) values ('c', 'C', 'live') returning id`)
  ).rows[0]!.id;
  await firm.pool.query(
    `insert into enrolment (campaign_id, version_id, lead_id, slot, step_id, arrived_at, due_at, entered_at)
     select $1, $1, id, slot, 's', clock(), clock() + interval '1 day', clock() from lead`,
    [campaignId],
  );
  await firm.post('/v1/suppressions', { address: 'old@x.example', kind: 'bounce' });
  const file =
    '\ufeffE-Mail;Status;Reason;Created\r\nMEI@Huadong.example;5.1.1;"no such; user";1\r\nold@x.example;;full;2\r\nmei@huadong.example;;again;3\r\n;;nothing;4\r\nlater@x.example;4.2.2;full;5\r\n';
  const expected = {
    looksLike: 'SendGrid: bounces',
    rows: 5,
    added: 1,
    widened: 1,
    already: 0,
    duplicates: 1,
    leads: 1,
    kinds: { bounce: 2 },
    passedOver: { 'was refused for now only': 1 },
    faulty: 1,
    faults: [{ row: 5, reason: 'has no address' }],
  };
  const preview = await firm.import(file, '?dryRun=true');
  expect(preview).toHaveStatus(200);
  expect(await preview.json()).toEqual({ ...expected, dryRun: true });
  expect(await firm.kept()).toEqual(['old@x.example bounce marketing']);
  expect((await firm.pool.query('select from wake')).rowCount).toBe(0);

  expect(await (await firm.import(gzipSync(file), '', { 'content-encoding': 'gzip' })).json()).toEqual({ ...expected, dryRun: false });
  expect(await firm.kept()).toEqual(['mei@huadong.example bounce all', 'old@x.example bounce all']);
  expect((await firm.pool.query('select e.lead_id from wake w join enrolment e on e.id = w.enrolment_id')).rows).toEqual([
    { lead_id: rows[0]!.id },
  ]);
  expect(await (await firm.import(file)).json()).toMatchObject({ added: 0, widened: 0, already: 2, leads: 0 });

  const exported = await firm.get('/v1/suppressions/export');
  expect(exported.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const text = await exported.text();
  expect(text).toMatch(
    /^address,kind,scope,source,at\r\nmei@huadong\.example,bounce,all,import:[0-9a-f-]+,\S+\r\nold@x\.example,bounce,all,api:/,
  );
  await firm.pool.query('delete from suppression');
  expect(await (await firm.import(text)).json()).toMatchObject({ looksLike: 'an export of ours', added: 2 });
  expect(await firm.kept()).toEqual(['mei@huadong.example bounce all', 'old@x.example bounce all']);
});

test('an address that a spreadsheet would take for a formula comes out as text, and back in as itself', async () => {
  const firm = await firmWithList();
  const addresses = ["'quoted@x.example", '+tag@x.example', '-x@x.example', "=cmd|'/ccalc'!a1@x.example"];
  expect(await (await firm.import(`email\n${addresses.join('\n')}\n`)).json()).toMatchObject({ added: 4 });
  const text = await (await firm.get('/v1/suppressions/export')).text();
  expect(text.split('\r\n').filter((line) => /^"?[=+@-]/.test(line))).toEqual([]);
  await firm.pool.query('delete from suppression');
  await firm.import(text);
  expect(await firm.kept()).toEqual(addresses.map((address) => `${address} manual marketing`).toSorted());
});

test('as spreadsheets save: Windows’ letters and UTF-16 are read, an address that somebody had broken before is a fault', async () => {
  const firm = await firmWithList();
  const list = 'E-Mail;Name\r\njörg@weiß.example;Jörg\r\nana@x.example;Ana\r\n';
  const utf16 = (bigEndian: boolean) => {
    const bytes = Buffer.from(`\ufeff${list}`, 'utf16le');
    return new Uint8Array(bigEndian ? bytes.swap16() : bytes);
  };
  const files = {
    windows: new Uint8Array(Buffer.from(list, 'latin1')),
    mixed: new Uint8Array(
      Buffer.concat([Buffer.from('E-Mail;Name\r\nana@x.example;Zoë\r\n'), Buffer.from('jörg@weiß.example;Jörg\r\n', 'latin1')]),
    ),
    little: utf16(false),
    big: utf16(true),
    old: new TextEncoder().encode(list.replaceAll('\r\n', '\r')),
  };
  for (const [name, file] of Object.entries(files)) {
    await firm.pool.query('delete from suppression');
    expect(await (await firm.import(file)).json(), name).toMatchObject({ rows: 2, added: 2, faulty: 0 });
    expect(await firm.kept(), name).toEqual(['ana@x.example manual marketing', 'jörg@xn--wei-7ka.example manual marketing']);
  }
  expect(await (await firm.import('email\nj\ufffdrg@x.example\n')).json()).toMatchObject({
    added: 0,
    faults: [{ row: 2, reason: 'is not an email address' }],
  });
});

test('a long list is read as it comes and stored in parts; more than one chunk comes out again', async () => {
  const firm = await firmWithList();
  const lines = Array.from({ length: 12_000 }, (_, i) => `n${i % 11_000}@x.example\n`);
  const stream = new ReadableStream({
    pull(controller) {
      const part = lines.splice(0, 500).join('');
      if (part === '') controller.close();
      else controller.enqueue(new TextEncoder().encode(part));
    },
  });
  const answer = await firm.fetch(
    new Request('http://tendril.test/v1/suppressions/import?kind=unsubscribe', {
      method: 'POST',
      body: stream,
      duplex: 'half',
      headers: { ...csv, authorization: `Bearer ${firm.adminKey}` },
    }),
  );
  expect(await answer.json()).toMatchObject({ rows: 12_000, added: 11_000, duplicates: 1_000, already: 0, kinds: { unsubscribe: 11_000 } });
  expect((await (await firm.get('/v1/suppressions/export')).text()).split('\r\n')).toHaveLength(11_002);
});

const real = new URL('../../../../shared/fixtures/csv/mailchimp-audience-export.csv', import.meta.url);
test.skipIf(!existsSync(real))('a real audience export of Mailchimp bars only those who have left (needs ../shared/fixtures)', async () => {
  const firm = await firmWithList();
  const rows = readFileSync(real, 'utf8').trim().split('\n').length - 1;
  const answer = await firm.import(readFileSync(real), '?dryRun=true');
  expect(await answer.json()).toMatchObject({ looksLike: 'Mailchimp: who unsubscribed', rows, added: 0, faulty: 0 });
});
