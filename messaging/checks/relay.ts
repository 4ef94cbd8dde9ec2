import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { findingsOf, type MailFinding } from '../../domain/deliverability/dns/finding.ts';

const { ok, info, warn, error } = findingsOf('relay');

/** Whether the SMTP relay is there, and speaks TLS with a certificate that holds. Sends nothing, and gives no credentials. */
export function checkRelay(relay: URL, patienceMs = 5_000): Promise<MailFinding> {
  const secure = relay.protocol === 'smtps:';
  const host = relay.hostname.replace(/^\[|\]$/g, '');
  const port = relay.port ? Number(relay.port) : secure ? 465 : 587;
  const here = ['localhost', '127.0.0.1', '::1'].includes(host);
  const connection = new SMTPConnection({
    host,
    port,
    secure,
    opportunisticTLS: true,
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
  });
  return new Promise((resolve) => {
    const end = (finding: MailFinding): void => {
      connection.close();
      resolve(finding);
    };
    connection.on('error', (trouble: Error & { code?: string }) =>
      end(
        error(
          `${host}:${port} cannot be used: ${trouble.message}`,
          /cert|tls|ssl/i.test(`${trouble.code} ${trouble.message}`)
            ? 'give it a certificate that holds for its name'
            : 'is SMTP_URL right, and may we connect there?',
        ),
      ),
    );
    connection.connect((trouble) => {
      if (trouble) return;
      const encrypted = (connection as unknown as { secure: boolean }).secure;
      if (encrypted) end(ok(`${host}:${port} is there, with TLS`));
      else if (here) end(info(`${host}:${port} is there, without TLS, on this machine`));
      else end(warn(`${host}:${port} has no TLS: mail goes there for anybody to read`, 'have it offer STARTTLS'));
    });
  });
}
