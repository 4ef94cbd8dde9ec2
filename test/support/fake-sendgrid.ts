import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A mail that the fake has taken: from here on it is on its way, whatever its sender knows of it. */
export interface TakenMail {
  to: string;
  /** The custom argument that names the effect. */
  sendKey: string;
  /** The request as it came. */
  body: MailBody;
  /** X-Message-Id. */
  messageId: string;
}

export interface MailBody {
  from: { email: string; name?: string };
  reply_to?: { email: string };
  subject: string;
  personalizations: { to: { email: string; name?: string }[] }[];
  content: { type: string; value: string }[];
  headers?: Record<string, string>;
  custom_args?: Record<string, string>;
  categories?: string[];
  ip_pool_name?: string;
  mail_settings?: { sandbox_mode?: { enable: boolean }; bypass_unsubscribe_management?: { enable: boolean } };
  tracking_settings?: Record<string, { enable: boolean }>;
}

/** How a request may go wrong. `reset before`: nothing was taken. `reset after`, `hang`: it was, and nobody says so. */
export type Fault = 'slow' | '429' | '500' | '504' | '400' | '401' | '403' | 'reset before' | 'reset after' | 'hang';

export interface SendgridEvent extends Record<string, unknown> {
  email: string;
  event: string;
}

export interface FakeOptions {
  apiKey?: string;
  /** What becomes of a request, unless `script` says; undefined: it goes well. */
  faultOf?: (body: MailBody) => Fault | undefined;
  /** Sent with a 429 and a 500. */
  retryAfter?: string;
  slowMs?: number;
}

export type FakeSendgrid = Awaited<ReturnType<typeof startFakeSendgrid>>;

/**
 * An HTTP server that behaves as SendGrid's API does, in the test's own process: it checks what the API checks, counts what it took, fails
 * as it is told, and signs its events as SendGrid signs them.
 */
export async function startFakeSendgrid({ apiKey = 'SG.of-the-tests', faultOf, retryAfter = '1', slowMs = 50 }: FakeOptions = {}) {
  const taken: TakenMail[] = [];
  const script: Fault[] = [];
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  let valid = apiKey;
  let requests = 0;

  const server = createServer((request, response) => void answer(request, response));
  server.on('clientError', (_, socket) => socket.destroy());
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const raw = await bodyOf(request);
    // The connection broke in mid-sentence: nobody would have taken that.
    if (raw === null) return;
    requests++;
    const reply = (status: number, body?: object, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { ...(body && { 'content-type': 'application/json' }), ...headers });
      response.end(body && JSON.stringify(body));
    };
    const refuse = (status: number, message: string, field: string | null = null, headers: Record<string, string> = {}): void =>
      reply(status, { errors: [{ message, field, help: null }] }, headers);

    if (request.method !== 'POST' || request.url !== '/v3/mail/send') return refuse(404, 'not found');
    if (request.headers.authorization !== `Bearer ${valid}`)
      return refuse(401, 'The provided authorization grant is invalid, expired, or revoked');
    const body = JSON.parse(raw) as MailBody;
    const wrong = mistakeIn(body);
    if (wrong) return refuse(400, wrong.message, wrong.field);
    if (body.mail_settings?.sandbox_mode?.enable) return reply(200);

    const take = (): string => {
      const messageId = randomBytes(16).toString('base64url');
      taken.push({ to: body.personalizations[0]!.to[0]!.email, sendKey: body.custom_args!['tendril_send']!, body, messageId });
      return messageId;
    };
    const accept = (): void => reply(202, undefined, { 'x-message-id': take() });
    switch (script.shift() ?? faultOf?.(body)) {
      case undefined:
        return accept();
      case 'slow':
        return void setTimeout(accept, slowMs);
      case '429':
        return refuse(429, 'too many requests', null, { 'retry-after': retryAfter });
      case '500':
        return refuse(500, 'Internal server error', null, { 'retry-after': retryAfter });
      case '504':
        return refuse(504, 'Gateway timeout');
      case '400':
        return refuse(400, 'Does not contain a valid address.', 'personalizations.0.to.0.email');
      case '401':
        return refuse(401, 'Maximum credits exceeded');
      case '403':
        return refuse(403, 'The from address does not match a verified Sender Identity.', 'from');
      case 'reset before':
        return void request.socket.resetAndDestroy();
      case 'reset after':
        take();
        return void request.socket.resetAndDestroy();
      case 'hang':
        take();
    }
  }

  /** The headers that vouch for a body. */
  const signed = (body: string, timestamp = String(Math.floor(Date.now() / 1000))): Record<string, string> => ({
    'content-type': 'application/json',
    'x-twilio-email-event-webhook-signature': sign('sha256', Buffer.from(timestamp + body), keys.privateKey).toString('base64'),
    'x-twilio-email-event-webhook-timestamp': timestamp,
  });

  return {
    url: `http://127.0.0.1:${port}`,
    apiKey,
    /** The public key of its webhook, as the settings page shows it. */
    webhookKey: keys.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    /** Every mail that was taken, in order. */
    taken,
    /** What becomes of the next requests, before anything else. */
    script,
    requests: () => requests,
    /** From now on only this key is let in. */
    letIn: (key: string) => void (valid = key),
    /** An event about a mail that was taken, as the webhook tells it. */
    event: (mail: TakenMail, event: string, more: Record<string, unknown> = {}): SendgridEvent => ({
      email: mail.to,
      timestamp: Math.floor(Date.now() / 1000),
      event,
      'smtp-id': `<${mail.messageId}@geopod-ismtpd-1>`,
      category: mail.body.categories,
      ...mail.body.custom_args,
      sg_event_id: randomBytes(16).toString('base64url'),
      sg_message_id: `${mail.messageId}.recvd-1`,
      ...more,
    }),
    sign: signed,
    /** A batch as it is posted: the body to its last byte, and the headers that vouch for it. */
    batch(events: readonly SendgridEvent[], timestamp?: string) {
      const body = `[${events.map((one) => JSON.stringify(one)).join(',\r\n')}]\r\n`;
      return { body, headers: signed(body, timestamp) };
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Settings of a process that sends through the fake. */
export const sendgridEnv = (fake: FakeSendgrid): Record<string, string> => ({
  MAIL_TRANSPORT: 'sendgrid',
  SENDGRID_API_KEY: fake.apiKey,
  SENDGRID_API_URL: fake.url,
  SENDGRID_WEBHOOK_KEY: fake.webhookKey,
});

async function bodyOf(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
  } catch {
    return null;
  }
}

const RESERVED = /^(x-sg-id|x-sg-eid|received|dkim-signature|content-(type|transfer-encoding)|to|from|subject|reply-to|cc|bcc)$/i;

/** The first thing the API would complain of. */
function mistakeIn(body: MailBody): { message: string; field: string } | null {
  const address = /^[^\s@<>]+@[^\s@<>]+$/;
  const to = body.personalizations?.[0]?.to?.[0]?.email;
  if (!to || !address.test(to)) return { message: 'Does not contain a valid address.', field: 'personalizations.0.to.0.email' };
  if (!address.test(body.from?.email ?? '')) return { message: 'The from email does not contain a valid address.', field: 'from.email' };
  if (!body.subject) return { message: 'The subject is required.', field: 'subject' };
  if (!body.content?.length || body.content.some(({ value }) => value === ''))
    return { message: 'The content value must be a string at least one character in length.', field: 'content.0.value' };
  if (body.content[0]!.type !== 'text/plain') return { message: 'The first content must be text/plain', field: 'content.0.type' };
  const reserved = Object.keys(body.headers ?? {}).find((name) => RESERVED.test(name));
  if (reserved) return { message: `The header ${reserved} is reserved`, field: `headers.${reserved}` };
  if ((body.categories?.length ?? 0) > 10) return { message: 'No more than 10 categories', field: 'categories' };
  if (body.ip_pool_name === 'no such pool') return { message: 'The IP pool does not exist', field: 'ip_pool_name' };
  if (Object.values(body.custom_args ?? {}).some((value) => typeof value !== 'string'))
    return { message: 'custom_args must be strings', field: 'custom_args' };
  return null;
}
