import { expect } from 'vitest';
import type { Workspace } from './workspace.ts';

/** Settings of a firm that takes in mail. */
export const inboundEnv = { INBOUND_DOMAIN: 'mail.firm.example', INBOUND_SECRET: 'the-secret-of-inbound' };
const PATH = `/hooks/sendgrid/inbound/${inboundEnv.INBOUND_SECRET}`;

/** Fields of a post; a field may have letters of its own. */
export type Fields = Record<string, string | Uint8Array | { filename: string; type: string; content: Uint8Array }>;

/** A form as Inbound Parse posts it. */
export function formOf(fields: Fields, boundary = 'xYzZY'): { body: Uint8Array<ArrayBuffer>; type: string } {
  const parts = Object.entries(fields).flatMap(([name, value]) => {
    const file = typeof value === 'object' && 'filename' in value ? value : null;
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file ? `; filename="${file.filename}"\r\nContent-Type: ${file.type}` : ''}\r\n\r\n`;
    const content = file ? file.content : (value as string | Uint8Array);
    return [Buffer.from(head), typeof content === 'string' ? Buffer.from(content) : Buffer.from(content), Buffer.from('\r\n')];
  });
  return {
    body: new Uint8Array(Buffer.concat([...parts, Buffer.from(`--${boundary}--\r\n`)])),
    type: `multipart/form-data; boundary=${boundary}`,
  };
}

/** Posts fields as SendGrid does. */
export function postForm(firm: Workspace, fields: Fields, path = PATH, headers: Record<string, string> = {}): Promise<Response> {
  const { body, type } = formOf(fields);
  return firm.anyone.request(path, { method: 'POST', body, headers: { 'content-type': type, ...headers } });
}

/** Posts a whole mail, in Inbound Parse's raw mode; answers what became of it. */
export async function comesBack(
  firm: Workspace,
  raw: string | Uint8Array,
  to: readonly string[] = [],
): Promise<{ id: string | null; kind: string; state: string }> {
  const answer = await postForm(firm, { email: raw, envelope: JSON.stringify({ to, from: 'x@y.example' }) });
  expect(answer).toHaveStatus(200);
  return answer.json() as Promise<{ id: string | null; kind: string; state: string }>;
}

let letters = 0;

/** A mail as a person's program writes it. */
export function letter(given: { from: string; to?: string; subject?: string; text?: string; headers?: readonly string[] }): string {
  const { from, to = 'hello@firm.example', subject = 'Re: Welcome', text = 'Thank you.', headers = [] } = given;
  return [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    `Date: Mon, 02 Mar 2026 10:00:${String(letters++ % 60).padStart(2, '0')} +0000`,
    `Message-ID: <${letters}.letter@elsewhere.example>`,
    ...headers,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    text,
  ].join('\r\n');
}

/** What a mail server writes when it could not deliver; `about` are headers of the mail it brings back. */
export function dsn(given: {
  address: string;
  action?: string;
  status?: string;
  diagnostic?: string;
  to?: string;
  about?: readonly string[];
}): string {
  const {
    address,
    action = 'failed',
    status = '5.1.1',
    diagnostic = '550 5.1.1 no such user',
    to = 'hello@firm.example',
    about = [],
  } = given;
  return [
    'From: MAILER-DAEMON@mx.elsewhere.example (Mail Delivery System)',
    `To: ${to}`,
    'Subject: Undelivered Mail Returned to Sender',
    'Auto-Submitted: auto-replied',
    `Date: Mon, 02 Mar 2026 10:05:${String(letters++ % 60).padStart(2, '0')} +0000`,
    `Message-ID: <${letters}.dsn@mx.elsewhere.example>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'This is the mail system.',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.elsewhere.example',
    '',
    `Final-Recipient: rfc822; ${address}`,
    `Action: ${action}`,
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${diagnostic}`,
    '',
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    ...about,
    '',
    '--b--',
    '',
  ].join('\r\n');
}

/** Somebody whom the firm has mailed: the lead, and a mail of the ledger that has left. Answers their ids. */
export async function mailed(
  firm: Workspace,
  email: string,
  { lane = 'marketing' } = {},
): Promise<{ leadId: string; sendId: string; sendKey: string }> {
  const { rows } = await firm.pool.query<{ leadId: string; sendId: string; sendKey: string }>(
    `with person as (insert into lead (email, first_name) values ($1, 'Mei') on conflict (email) do update set updated_at = clock() returning id)
     insert into send (send_key, class, lane, state, lead_id, template, address, subject, in_flight_at, settled_at)
     select 'test/' || $1 || '/' || (select count(*) from send), $2, $2, 'accepted', id, 'welcome', $1, 'Welcome', clock(), clock() from person
     returning lead_id as "leadId", id as "sendId", send_key as "sendKey"`,
    [email, lane],
  );
  return rows[0]!;
}

/** The same under a rep's name, as a letter of a sequence; `run`: which they are still in. */
export async function mailedBy(firm: Workspace, email: string, rep: string, { run = false } = {}) {
  const mail = await mailed(firm, email, { lane: 'personal' });
  const { rows } = await firm.pool.query<{ repId: string }>(
    `update send set rep_id = (select id from rep where key = $2) where id = $1 returning rep_id as "repId"`,
    [mail.sendId, rep],
  );
  const { repId } = rows[0]!;
  if (run) {
    await firm.pool.query(
      `with sequence as (
         insert into campaign (key, name, state, kind) values ('test-sequence', 'A sequence', 'paused', 'sequence') returning id),
       version as (
         insert into campaign_version (campaign_id, number, body) select id, 1, '{}' from sequence returning id, campaign_id)
       insert into enrolment (campaign_id, version_id, lead_id, slot, step_id, rep_id, arrived_at, entered_at, due_at)
       select v.campaign_id, v.id, l.id, l.slot, 'one', $2, clock(), clock(), '2030-01-01' from version v, lead l where l.id = $1`,
      [mail.leadId, repId],
    );
  }
  return { ...mail, messageId: `<${mail.sendId.replaceAll('-', '')}@firm.example>` };
}
