import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { putDocument } from '../db/documents.ts';
import { topics } from './support/campaign.ts';
import { deploy, type Deployment, type Memory, type Services, until, SMTP_CONNECTIONS } from './support/deployment.ts';
import { areScored, signUp } from './support/people.ts';
import { run } from './support/run.ts';

/** As it ships, some 12 kB with its design; and as plain as a newsletter can be: 1.5 kB of HTML with four expressions and a counted link. */
export const MAILS = { letter: 'newsletter-welcome', plain: 'bench-plain' } as const;

export interface MailsResult {
  mail: keyof typeof MAILS;
  recipients: number;
  seconds: number;
  perSecond: number;
  /** Mails a second of a program that keeps no account of them, to the same mail server. */
  bare: number;
  memory: Memory;
}

const LONGEST = 900_000;
/** Mails that a worker has sent before it is measured: it runs for weeks, and the program beside it is warm, too. */
const WARM = 2_000;

/** Mails a second to a list: last look, rendering (a counted link, a picture, one-click unsubscribe), SMTP to a local sink, settled in the ledger. */
export async function benchMails(services: Services, sizes: readonly number[]): Promise<MailsResult[]> {
  const bare = await measureBare(services);
  const results: MailsResult[] = [];
  for (const recipients of sizes) results.push({ ...(await measure(services, recipients, 'plain')), bare });
  results.push({ ...(await measure(services, sizes[0]!, 'letter')), bare });
  return results;
}

async function measureBare({ smtpUrl }: Services): Promise<number> {
  const sending = run('bench/baseline/mails.ts', { SMTP_URL: smtpUrl, SMTP_CONNECTIONS, MAILS: '50000', WARM: '5000' }, [
    'ignore',
    'pipe',
    'inherit',
  ]);
  const [said] = await Promise.all([text(sending.stdout!), once(sending, 'exit')]);
  return Number(said);
}

async function measure(services: Services, recipients: number, mail: MailsResult['mail']): Promise<Omit<MailsResult, 'bare'>> {
  const firm = await deploy(services);
  try {
    await putDocument(firm.pool, 'topics', 'default', topics);
    await putDocument(firm.pool, 'layout', 'bench-bare', BARE);
    await putDocument(firm.pool, 'template', 'bench-plain', PLAIN);
    await signUp(firm.pool, recipients);
    await until(() => areScored(firm.pool), LONGEST, 'the scores');
    await sendList(firm, mail, WARM);
    const seconds = await sendList(firm, mail, recipients);
    const accepted = await count(firm, `select count(*) from send where state = 'accepted'`);
    if (accepted !== recipients + WARM) throw new Error(`${recipients + WARM - accepted} mails were not accepted`);
    return { mail, recipients, seconds, perSecond: recipients / seconds, memory: await firm.memory() };
  } finally {
    await firm.stop();
  }
}

/** Answers how many seconds it took. */
async function sendList(firm: Deployment, mail: MailsResult['mail'], size: number): Promise<number> {
  // A list that waits for the switch, so that only the sending is timed.
  await firm.must('/v1/sending', { stopped: true });
  await firm.pool.query(
    `insert into send (send_key, class, lane, lead_id, topic, template)
     select 'bench/' || id || '/' || $2::int, 'marketing', 'marketing', id, 'news', $1 from lead limit $2::int`,
    [MAILS[mail], size],
  );
  await firm.pool.query('vacuum analyze');
  const begun = performance.now();
  await firm.must('/v1/sending', { stopped: false });
  await until(() => allSettled(firm), LONGEST, 'the mails');
  return (performance.now() - begun) / 1_000;
}

const BARE = '<mjml lang="en"><mj-body><!-- body --></mj-body></mjml>';

const PLAIN = `---
subject: "News for {{default lead.first_name 'you'}}"
layout: bench-bare
---
<mj-raw>
<p>Hello {{default lead.first_name 'there'}},</p>
<p>this month {{default lead.company 'your firm'}} may read how a seal lasts ten years.
<a href="https://firm.example/letters/best-of" name="letter">Read the letter</a>.</p>
<p>{{workspace.name}}, {{default workspace.postalAddress 'at home'}} - <a href="{{unsubscribeUrl}}">Unsubscribe</a></p>
</mj-raw>`;

/** The newest leaves last: while it waits nobody looks through the others, which would cost more than sending them. */
async function allSettled(firm: Deployment): Promise<boolean> {
  const newest = await count(
    firm,
    'select count(*) from (select settled_at from send order by id desc limit 1) newest where settled_at is null',
  );
  return newest === 0 && (await count(firm, 'select count(*) from (select from send where settled_at is null limit 1) open')) === 0;
}

async function count({ pool }: Deployment, sql: string): Promise<number> {
  const { rows } = await pool.query<{ count: string }>(sql);
  return Number(rows[0]!.count);
}
