import type { Logger } from 'pino';
import type { Captured } from '../messaging/capture-server.ts';
import { createCaptureTransport } from '../messaging/transports/capture.ts';
import { createSmtpTransport } from '../messaging/transports/smtp.ts';
import type { Transport } from '../messaging/transports/transport.ts';
import type { Config } from './config.ts';

/** The transport the settings ask for. Nothing is connected before the first mail. */
export function createMailTransport(
  { MAIL_TRANSPORT, SMTP_URL, SMTP_CONNECTIONS: connections, CAPTURE_PORT: port }: Config,
  { store, log }: { store(mails: readonly Captured[]): Promise<string[]>; log: Logger },
): Transport {
  if (MAIL_TRANSPORT === 'smtp') return createSmtpTransport({ url: SMTP_URL!, connections });
  return createCaptureTransport({ store, port, connections, log });
}
