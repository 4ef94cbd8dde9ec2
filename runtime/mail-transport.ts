import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import type { SendClass } from '../domain/delivery/mail.ts';
import type { Captured } from '../messaging/capture-server.ts';
import { createDkimSigner } from '../messaging/dkim.ts';
import { createLaneTransport } from '../messaging/transports/by-lane.ts';
import { createCaptureTransport } from '../messaging/transports/capture.ts';
import { createSendgridTransport } from '../messaging/transports/sendgrid.ts';
import { createSmtpTransport } from '../messaging/transports/smtp.ts';
import type { Transport } from '../messaging/transports/transport.ts';
import type { Config } from './config.ts';

type Carrier = Config['carriers'][SendClass];

/** The transport the settings ask for, lane by lane; lanes with the same carrier share its connections. Nothing is connected before the first mail. */
export function createMailTransport(
  config: Config,
  { store, log }: { store(mails: readonly Captured[]): Promise<string[]>; log: Logger },
): Transport {
  const make: Record<Carrier, () => Transport> = {
    capture: () => createCaptureTransport({ store, port: config.CAPTURE_PORT, connections: config.SMTP_CONNECTIONS, log }),
    smtp: () => createSmtpTransport({ url: config.SMTP_URL!, connections: config.SMTP_CONNECTIONS, sign: signerOf(config) }),
    sendgrid: () => createSendgridTransport(sendgridOf(config)),
  };
  const made = new Map<Carrier, Transport>();
  const of = (carrier: Carrier): Transport => {
    const transport = made.get(carrier) ?? make[carrier]();
    made.set(carrier, transport);
    return transport;
  };
  const { marketing, transactional, internal, personal } = config.carriers;
  return createLaneTransport({
    marketing: of(marketing),
    transactional: of(transactional),
    internal: of(internal),
    personal: of(personal),
  });
}

/** Signs mail for the relay, where the settings say so and the relay does not do it itself. */
function signerOf({ DKIM_DOMAIN: domain, DKIM_SELECTOR: selector, DKIM_KEY_FILE: file }: Config): ((raw: Buffer) => Buffer) | undefined {
  return domain && selector && file ? createDkimSigner({ domain, selector, privateKey: readFileSync(file, 'utf8') }) : undefined;
}

function sendgridOf(config: Config): Parameters<typeof createSendgridTransport>[0] {
  const pool = (lane: 'MARKETING' | 'TRANSACTIONAL' | 'INTERNAL' | 'PERSONAL') =>
    config[`SENDGRID_IP_POOL_${lane}`] ?? config.SENDGRID_IP_POOL ?? null;
  return {
    apiKey: config.SENDGRID_API_KEY!,
    apiUrl: config.SENDGRID_API_URL,
    connections: config.SENDGRID_CONNECTIONS,
    timeoutMs: config.SENDGRID_TIMEOUT * 1_000,
    pools: { marketing: pool('MARKETING'), transactional: pool('TRANSACTIONAL'), internal: pool('INTERNAL'), personal: pool('PERSONAL') },
    sandbox: config.SENDGRID_SANDBOX,
    tracking: config.SENDGRID_TRACKING,
  };
}
