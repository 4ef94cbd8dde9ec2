import { z } from 'zod';
import type { SendClass } from '../domain/delivery/mail.ts';
import { isWebhookKey } from '../messaging/sendgrid/signature.ts';

const port = z.coerce.number().int().min(0).max(65_535);
const flag = z.enum(['on', 'off']).transform((value) => value === 'on');
const seconds = z.coerce.number().positive();
const count = z.coerce.number().int().positive();
const transport = z.enum(['capture', 'smtp', 'sendgrid']);

/** Every setting there is, with its default and unit. This file alone reads the environment. */
const settings = z.object({
  /** `local` starts its own Postgres, Temporal and mail capture; `production` is given them; `test` is for the suite. */
  TENDRIL_ENV: z.enum(['local', 'test', 'production']).default('local'),
  /** Folder of everything a local instance keeps: database, Temporal's file, keys, logs. */
  TENDRIL_HOME: z.string().default('.tendril'),
  /** Port of the API and the pages. */
  PORT: port.default(4000),
  /** Interface to listen on. */
  HOST: z.string().default('127.0.0.1'),
  /** Name servers to ask about mail domains, `10.0.0.53, 10.0.1.53:5353`. Unset: the system's. */
  DNS_SERVERS: z.string().default(''),
  /** Where people reach us: the start of every link in a mail. Default: http://localhost:PORT. */
  PUBLIC_URL: z.url().optional(),

  /** Postgres, as a URL. Unset (local): an embedded server under TENDRIL_HOME. */
  DATABASE_URL: z.string().optional(),
  /** Connections of the api, of Prisma in the api, and of a worker's loops. */
  DATABASE_POOL_API: count.default(10),
  DATABASE_POOL_PRISMA: count.default(5),
  DATABASE_POOL_WORKER: count.default(12),

  /** Temporal's frontend, host:port. Unset (local): a dev server under TENDRIL_HOME. */
  TEMPORAL_ADDRESS: z.string().optional(),
  /** Temporal's own web UI, for the link on the overview page. Unset: the dev server's, or no link. */
  TEMPORAL_UI_URL: z.url().optional(),
  TEMPORAL_NAMESPACE: z.string().default('tendril'),
  /** API key of Temporal Cloud, or unset. */
  TEMPORAL_API_KEY: z.string().optional(),
  TEMPORAL_TLS: flag.default(false),
  TEMPORAL_TASK_QUEUE: z.string().default('tendril'),
  /** Put before every workflow id, where several deployments share a namespace. */
  TEMPORAL_PREFIX: z.string().default(''),
  /** The `temporal` program, where it is not on PATH. */
  TEMPORAL_CLI_PATH: z.string().optional(),

  /** Key that signs links (tracking, unsubscribe, accept). Unset (local): made once in TENDRIL_HOME/secret.key. */
  TENDRIL_SECRET: z.string().min(32).optional(),
  /** First admin key of a production deployment: `tnd_` and at least 32 characters. Unset (local): made once in TENDRIL_HOME/admin.key. */
  TENDRIL_ADMIN_KEY: z.string().startsWith('tnd_').min(36).optional(),

  /** `capture`: a local SMTP server and the Outbox. `smtp`: the relay at SMTP_URL. `sendgrid`: SendGrid's API. In production it must be said. */
  MAIL_TRANSPORT: transport.default('capture'),
  /** Another carrier for one lane: newsletters by SendGrid, say, and confirmations by a relay. Unset: MAIL_TRANSPORT. */
  MAIL_TRANSPORT_MARKETING: transport.optional(),
  MAIL_TRANSPORT_TRANSACTIONAL: transport.optional(),
  MAIL_TRANSPORT_INTERNAL: transport.optional(),
  MAIL_TRANSPORT_PERSONAL: transport.optional(),
  /** smtp://user:password@host:587 or smtps://… */
  SMTP_URL: z.string().optional(),
  /** Signs mail for the relay with DKIM, where it does not do so itself: all three or none. The key is a file in PEM, RSA or Ed25519. */
  DKIM_DOMAIN: z.string().toLowerCase().optional(),
  DKIM_SELECTOR: z.string().optional(),
  DKIM_KEY_FILE: z.string().optional(),
  /** Connections to the relay. */
  SMTP_CONNECTIONS: count.default(10),
  /** Sender of mail that names none: `Name <address>`. */
  MAIL_FROM: z.string().default('Tendril <hello@localhost.localdomain>'),
  /** `on`: marketing mail has a link that nobody sees, by which scanners give themselves away. Some filters hold hidden content against a mail. */
  HIDDEN_LINK: flag.default(false),
  /** Port of the capture server; 0 takes a free one. */
  CAPTURE_PORT: port.default(0),

  /** SendGrid's API key, with the right to send mail: `SG.…`. */
  SENDGRID_API_KEY: z.string().optional(),
  /** Where its API is: https://api.eu.sendgrid.com for accounts of the EU. */
  SENDGRID_API_URL: z.url().default('https://api.sendgrid.com'),
  /** Pool of IP addresses to send from, and another one for single lanes. Unset: as the account says. */
  SENDGRID_IP_POOL: z.string().max(64).optional(),
  SENDGRID_IP_POOL_MARKETING: z.string().max(64).optional(),
  SENDGRID_IP_POOL_TRANSACTIONAL: z.string().max(64).optional(),
  SENDGRID_IP_POOL_INTERNAL: z.string().max(64).optional(),
  SENDGRID_IP_POOL_PERSONAL: z.string().max(64).optional(),
  /** `on`: SendGrid checks each mail and delivers none. */
  SENDGRID_SANDBOX: flag.default(false),
  /** Whether SendGrid counts opens and clicks of marketing mail, too; our own links count them already. */
  SENDGRID_TRACKING: flag.default(false),
  /** Requests to SendGrid at once, and how long one may wait for its answer, seconds. */
  SENDGRID_CONNECTIONS: count.default(50),
  SENDGRID_TIMEOUT: seconds.default(30),
  /** Public keys of its signed event webhook, comma-separated while one replaces another. Unset: the webhook is shut. */
  SENDGRID_WEBHOOK_KEY: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((key) => key.trim() || []))
    .refine((keys) => keys.every(isWebhookKey), 'is not a public key as SendGrid shows it: base64, of the curve P-256'),
  /** How old a signed batch of events may be, seconds. SendGrid tries again for a day; what comes twice is counted once. 0: any age. */
  SENDGRID_WEBHOOK_TOLERANCE: z.coerce
    .number()
    .min(0)
    .default(25 * 3600),
  /** Largest batch of events, bytes. */
  SENDGRID_WEBHOOK_LIMIT: count.default(5 * 1024 * 1024),
  /** How long what providers told of single mails is kept, days; more than soft bounces are counted over. */
  DELIVERY_EVENTS_DAYS: count.min(31).default(180),

  /** Domain whose mail comes to us, e.g. `mail.firm.example`: answers and bounces go to signed addresses of it. Unset: to the sender. See docs/replies.md. */
  INBOUND_DOMAIN: z
    .string()
    .regex(/^[\w-]+(\.[\w-]+)+$/, 'a domain')
    .toLowerCase()
    .optional(),
  /** Proves that a request to /hooks/sendgrid/inbound is SendGrid's: in the path, or as the password. Unset: the hook is closed. */
  INBOUND_SECRET: z
    .string()
    .regex(/^[\w-]{16,}$/, 'at least 16 letters, digits, - or _')
    .optional(),
  /** Largest mail that is taken in whole, bytes; SendGrid posts up to 30 MB. */
  INBOUND_LIMIT: count.default(31 * 1024 * 1024),
  /** How long mail that came in is kept, days. */
  INBOUND_DAYS: count.default(90),
  /** A mailbox to read: imaps://user:password@host/INBOX. It is only looked at, nothing in it is changed. */
  IMAP_URL: z.string().optional(),
  /** How often it is read, seconds. */
  IMAP_EVERY: seconds.default(60),

  /** Signing keys of Calendly's webhook, comma-separated while one replaces another. Unset: /hooks/calendly is shut. See docs/replies.md. */
  CALENDLY_SIGNING_KEY: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((key) => key.trim() || [])),
  /** How old a signed webhook of Calendly's may be, seconds; it tries again for a day, and signs each attempt anew. */
  CALENDLY_TOLERANCE: seconds.default(180),

  /** Signing secrets of form providers, e.g. TYPEFORM_SECRET: a payload of theirs must then be signed. */
  TYPEFORM_SECRET: z.string().optional(),
  TALLY_SECRET: z.string().optional(),
  WEBFLOW_SECRET: z.string().optional(),
  NETLIFY_SECRET: z.string().optional(),
  HUBSPOT_SECRET: z.string().optional(),

  /** Hosts, addresses and networks that webhooks may call though they are not public: `crm.internal, 10.1.0.0/16`. */
  WEBHOOK_ALLOW: z.string().default(''),
  /** `pretend`: webhooks and notices to URLs are noted as done and never leave, as in a rehearsal. */
  WEBHOOK_MODE: z.enum(['send', 'pretend']).default('send'),
  /** Signing secrets of single receivers: `crm.firm.example=whsec_… whsec_…, other.example=whsec_…`. Others get the workspace's, made from TENDRIL_SECRET. */
  WEBHOOK_SECRETS: z.string().default(''),
  /** Channels of Slack, Mattermost or their like that sla.yaml may name, by their incoming webhooks: `sales=https://…, partners=https://…`. */
  CHAT_WEBHOOKS: z.string().default(''),
  /** How long what webhooks said and were answered is kept, days; that they were made is kept for ever. */
  CALLS_DAYS: count.default(90),
  /** How long messages to webhook endpoints are kept, days: so far back they can be sent again. At least a week: they are tried for days. */
  WEBHOOK_DAYS: count.min(7).default(30),

  /** How many proxies in front of the api may name the caller's address in X-Forwarded-For. */
  TRUSTED_PROXIES: z.coerce.number().int().min(0).default(0),
  /** Form submissions from one address to one form, per minute. */
  FORM_RATE: count.default(30),
  /** Tracking requests from one address with one browsers' key, per minute; keys of servers (without origins) are not limited. */
  TRACK_RATE: count.default(6_000),
  /** Largest body of a public endpoint, bytes. */
  BODY_LIMIT: count.default(512 * 1024),

  /** Port of a worker's own /healthz and /readyz; 0: none. */
  WORKER_PORT: port.default(0),
  /** Activities at once in one worker; most of them only wait, so more than there are connections. */
  WORKER_ACTIVITIES: count.default(200),
  /** Workflows a worker keeps in memory (some 55 KB each). */
  WORKER_CACHED_WORKFLOWS: count.default(500),
  /** How long a worker may finish what it does when asked to stop, seconds. */
  SHUTDOWN_GRACE: seconds.default(10),
  /** How often the sweeper looks for what is overdue, seconds. */
  SWEEP_EVERY: seconds.default(15),

  /** The instance that the `tendril` command talks to. Unset: the one that runs in TENDRIL_HOME, else http://localhost:PORT. */
  TENDRIL_URL: z.url().optional(),
  /** The key it uses. Unset: TENDRIL_HOME/admin.key. */
  TENDRIL_API_KEY: z.string().optional(),

  /** Simulated visitors of the demo workspace. */
  TENDRIL_DEMO_TRAFFIC: flag.default(true),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

type Carrier = z.infer<typeof transport>;
export type Config = z.infer<typeof settings> & {
  publicUrl: string;
  /** Who carries each lane. */
  carriers: Record<SendClass, Carrier>;
};

/** Reads and checks the settings. Throws with every wrong variable named, and never its value. */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = settings.safeParse(given);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`These settings are not valid:\n${wrong.join('\n')}`);
  }
  const config = parsed.data;
  if (config.TENDRIL_ENV === 'production') {
    // A carrier is asked for by name: to capture every mail by default would look well and reach nobody.
    const needed = ['DATABASE_URL', 'TEMPORAL_ADDRESS', 'TENDRIL_SECRET', 'PUBLIC_URL', 'MAIL_TRANSPORT'];
    const missing = needed.filter((name) => !given[name]);
    if (missing.length > 0) throw new Error(`In production these settings are needed: ${missing.join(', ')}`);
  }
  const carriers: Config['carriers'] = {
    marketing: config.MAIL_TRANSPORT_MARKETING ?? config.MAIL_TRANSPORT,
    transactional: config.MAIL_TRANSPORT_TRANSACTIONAL ?? config.MAIL_TRANSPORT,
    internal: config.MAIL_TRANSPORT_INTERNAL ?? config.MAIL_TRANSPORT,
    personal: config.MAIL_TRANSPORT_PERSONAL ?? config.MAIL_TRANSPORT,
  };
  const used = new Set(Object.values(carriers));
  if (used.has('smtp') && !config.SMTP_URL) throw new Error('MAIL_TRANSPORT=smtp needs SMTP_URL');
  const dkim = [config.DKIM_DOMAIN, config.DKIM_SELECTOR, config.DKIM_KEY_FILE].filter(Boolean).length;
  if (dkim > 0 && dkim < 3) throw new Error('DKIM_DOMAIN, DKIM_SELECTOR and DKIM_KEY_FILE go together');
  if (used.has('sendgrid') && !config.SENDGRID_API_KEY) throw new Error('MAIL_TRANSPORT=sendgrid needs SENDGRID_API_KEY');
  if (config.INBOUND_DOMAIN && !config.INBOUND_SECRET && !config.IMAP_URL)
    throw new Error('INBOUND_DOMAIN needs INBOUND_SECRET or IMAP_URL: else answers would reach nobody');
  return { ...config, carriers, publicUrl: (config.PUBLIC_URL ?? `http://localhost:${config.PORT}`).replace(/\/$/, '') };
}
