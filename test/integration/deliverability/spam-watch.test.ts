import { pino } from 'pino';
import { expect, test } from 'vitest';
import { reputationChores } from '../../../activities/reputation.ts';
import { listAlerts } from '../../../db/alerts.ts';
import { putDocument } from '../../../db/documents.ts';
import { inTransaction } from '../../../db/pool.ts';
import { resumeDomain } from '../../../db/spam-watch.ts';
import { suppress } from '../../../db/suppressions.ts';
import { createDatabase } from '../../support/database.ts';
import type { Dns } from '../../../messaging/dns/resolver.ts';

const none: Dns = { txt: async () => [], mx: async () => [], addresses: async () => [], cname: async () => null };

async function firm(dns: Dns = none) {
  const { pool, drop } = await createDatabase();
  await pool.query(`update workspace set clock_rate = 0, clock_anchor_at = '2026-03-02T12:00:00Z', clock_anchor_real = now()`);
  await pool.query('select ensure_partitions(4)');
  const jump = (interval: string) => pool.query('update workspace set clock_anchor_at = clock_anchor_at + $1::interval', [interval]);
  const chores = reputationChores({ from: { address: 'Hello@Firm.example' }, dns, log: pino({ level: 'silent' }), computeAfterMs: 0 });
  return {
    pool,
    drop,
    jump,
    /** Mails that were accepted, from the workspace's sender or another. */
    async accepted(name: string, count: number, sender: string | null = null): Promise<void> {
      await pool.query(
        `with l as (insert into lead (email) select $1 || n || '@pumps.example' from generate_series(1, $2) n returning id, email)
         insert into send (send_key, class, lane, state, lead_id, template, sender, address, in_flight_at, settled_at)
         select email, 'marketing', 'marketing', 'accepted', id, 't', $3, email, clock(), clock() from l`,
        [name, count, sender],
      );
    },
    async complain(name: string, from: number, to: number): Promise<void> {
      const numbers = Array.from({ length: to - from + 1 }, (_, i) => from + i);
      await suppress(
        pool,
        numbers.map((n) => ({ address: `${name}${n}@pumps.example`, kind: 'complaint', scope: 'all', source: 'sendgrid' })),
      );
    },
    /** One sweep's chores of ours. */
    async sweep(): Promise<void> {
      for (const chore of chores) await inTransaction(pool, (tx) => chore.run(tx));
    },
    async told(): Promise<string[]> {
      return (await listAlerts(pool, { open: true, limit: 10, from: null })).items.map((one) => `${one.kind} ${one.about}`).toSorted();
    },
    async paused(): Promise<string[]> {
      return (await pool.query<{ domain: string }>('select domain from sending_domain where paused_at is not null order by 1')).rows.map(
        (row) => row.domain,
      );
    },
  };
}

test('complaints warn, then pause the domain they are about, and no other; resumed, they are past', async () => {
  const { drop, jump, accepted, complain, sweep, told, paused, pool } = await firm();
  try {
    await accepted('a', 1_000);
    await accepted('b', 500, 'News <news@Letters.Example>');
    await sweep();
    expect(await told()).toEqual([]);

    await complain('a', 1, 3);
    await sweep();
    expect(await told()).toEqual(['spam_rate firm.example']);
    await sweep();
    expect((await listAlerts(pool, { open: true, limit: 10, from: null })).items[0]).toMatchObject({
      times: 1,
      detail: { complaints: 3, delivered: 1_000, share: '0.30%' },
    });

    await complain('b', 1, 6);
    await sweep();
    expect(await paused()).toEqual(['letters.example']);
    expect(await told()).toEqual(['domain_paused letters.example', 'spam_rate firm.example']);

    await inTransaction(pool, (tx) => resumeDomain(tx, 'letters.example'));
    await jump('1 hour');
    await complain('b', 7, 9);
    await sweep();
    expect(await paused()).toEqual([]);

    await jump('8 days');
    await sweep();
    expect(await told()).toEqual([]);
  } finally {
    await drop();
  }
});

test('thresholds are the document’s', async () => {
  const { drop, accepted, complain, sweep, paused, pool } = await firm();
  try {
    await putDocument(pool, 'deliverability', 'default', { spam: { warn: '0.01%', pause: '0.02%', atLeast: 2 } });
    await accepted('a', 2_000);
    await complain('a', 1, 2);
    await sweep();
    expect(await paused()).toEqual(['firm.example']);
  } finally {
    await drop();
  }
});

test('mail hosts are looked up for those who were mailed; a name server that fails is harmless', async () => {
  const mx = async (domain: string): Promise<string[]> => {
    if (domain === 'silent.example') throw new Error('no answer');
    return domain === 'pumps.example' ? ['aspmx.l.google.com'] : [];
  };
  const { drop, sweep, pool } = await firm({ ...none, mx });
  try {
    await pool.query(`insert into mail_host (domain) values ('pumps.example'), ('silent.example'), ('none.example')`);
    await sweep();
    const { rows } = await pool.query('select domain, family, looked_up_real is not null as known from mail_host order by 1');
    expect(rows).toEqual([
      { domain: 'none.example', family: null, known: true },
      { domain: 'pumps.example', family: 'gmail', known: true },
      { domain: 'silent.example', family: null, known: true },
    ]);
  } finally {
    await drop();
  }
});
