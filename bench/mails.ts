import { putDocument } from '../db/documents.ts';
import { topics } from './support/campaign.ts';
import { deploy, type Memory, type Services, until } from './support/deployment.ts';
import { signUp } from './support/people.ts';

export interface MailsResult {
  recipients: number;
  seconds: number;
  perSecond: number;
  memory: Memory;
}

const LONGEST = 900_000;

/** Mails a second to a list: last look, rendering (a counted link, a picture, one-click unsubscribe), SMTP to a local sink, settled in the ledger. */
export async function benchMails(services: Services, sizes: readonly number[]): Promise<MailsResult[]> {
  const results: MailsResult[] = [];
  for (const recipients of sizes) results.push(await measure(services, recipients));
  return results;
}

async function measure(services: Services, recipients: number): Promise<MailsResult> {
  const firm = await deploy(services);
  try {
    await putDocument(firm.pool, 'topics', 'default', topics);
    await firm.must('/v1/sending', { stopped: true });
    await signUp(firm.pool, recipients);
    // A list that waits for the switch, so that only the sending is timed.
    await firm.pool.query(
      `insert into send (send_key, class, lane, lead_id, topic, template)
       select 'bench/' || id || '/1', 'marketing', 'marketing', id, 'news', 'newsletter-welcome' from lead`,
    );
    await until(async () => (await count(firm, 'select count(*) from score_wake')) === 0, LONGEST, 'the scores');
    await firm.pool.query('vacuum analyze');
    const begun = performance.now();
    await firm.must('/v1/sending', { stopped: false });
    await until(
      async () => (await count(firm, 'select count(*) from (select from send where settled_at is null limit 1) open')) === 0,
      LONGEST,
      'the mails',
    );
    const seconds = (performance.now() - begun) / 1_000;
    const accepted = await count(firm, `select count(*) from send where state = 'accepted'`);
    if (accepted !== recipients) throw new Error(`${recipients - accepted} mails were not accepted`);
    return { recipients, seconds, perSecond: recipients / seconds, memory: await firm.memory() };
  } finally {
    await firm.stop();
  }
}

async function count({ pool }: Awaited<ReturnType<typeof deploy>>, sql: string): Promise<number> {
  const { rows } = await pool.query<{ count: string }>(sql);
  return Number(rows[0]!.count);
}
