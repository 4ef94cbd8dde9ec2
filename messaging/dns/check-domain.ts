import { findingsOf, type MailFinding } from '../../domain/deliverability/dns/finding.ts';
import { familyOf } from '../../domain/deliverability/providers.ts';
import { checkSpf } from './check-spf.ts';
import { checkDkim, checkDmarc, checkLinks, checkMailHosts, type Sending } from './checks.ts';
import { type Dns, DnsTrouble } from './resolver.ts';

/** Everything the DNS says of a domain we send from. A name server that does not answer is a finding of that check alone. */
export async function checkDomain(dns: Dns, domain: string, selectors: readonly string[], sending: Sending): Promise<MailFinding[]> {
  const provider = familyOf(domain);
  if (provider) {
    return [
      findingsOf('sender').error(
        `${domain} belongs to a mailbox provider (${provider}): nobody else may send in its name`,
        'send from a domain of your own',
      ),
    ];
  }
  const checks: [string, Promise<MailFinding[]>][] = [
    ['spf', checkSpf(dns, domain, sending)],
    ['dkim', checkDkim(dns, domain, selectors, sending)],
    ['dmarc', checkDmarc(dns, domain, sending)],
    ['mx', checkMailHosts(dns, domain, sending)],
    ['links', checkLinks(dns, domain, sending)],
  ];
  return (await Promise.all(checks.map(([check, found]) => found.catch((trouble: unknown) => [unanswered(check, trouble)])))).flat();
}

function unanswered(check: string, trouble: unknown): MailFinding {
  if (!(trouble instanceof DnsTrouble)) throw trouble;
  return findingsOf(check).warn(trouble.message, 'try again; if it stays so, mail suffers as well');
}
