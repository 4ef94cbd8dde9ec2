import { findingsOf, type MailFinding } from '../../domain/deliverability/dns/finding.ts';
import { registrable, type Sending } from './checks.ts';
import type { Dns } from './resolver.ts';
import { type SpfWalk, tooManyLookups, walkSpf } from './spf-walk.ts';

const { ok, info, warn, error } = findingsOf('spf');

/** The domain's SPF record: that there is one, that receivers can read it to its end, and that it allows whoever carries our mail. */
export async function checkSpf(dns: Dns, domain: string, sending: Sending): Promise<MailFinding[]> {
  const walk = await walkSpf(dns, domain);
  if (walk.records.length === 0) return [error(`${domain} has no SPF record`, `publish TXT ${domain} "v=spf1 ${wanted(sending)} ~all"`)];
  if (walk.records.length > 1)
    return [error(`${domain} has ${walk.records.length} SPF records, so none counts`, 'put their terms into one')];
  return [...readable(walk), ...(await carriers(dns, walk, sending)), theRest(walk)];
}

function wanted({ carriers, relay }: Sending): string {
  if (carriers.has('sendgrid')) return 'include:sendgrid.net';
  return relay ? `a:${relay.hostname}` : 'mx';
}

function readable(walk: SpfWalk): MailFinding[] {
  const { faults, lookups, voids } = walk;
  return [
    ...faults.map((fault) => error(`nobody can read: ${fault}`, 'mend it: receivers give up on the whole record')),
    tooManyLookups(walk)
      ? error(
          `it asks for ${lookups} lookups; receivers give up after ten`,
          'take out what you do not send by, or name networks instead (ip4:…)',
        )
      : ok(`one record, ${lookups} of ten lookups`),
    ...(voids > 2 ? [error(`${voids} of its names do not exist; receivers give up after two`, 'take them out')] : []),
  ];
}

async function carriers(dns: Dns, walk: SpfWalk, { carriers: used, relay }: Sending): Promise<MailFinding[]> {
  const found: MailFinding[] = [];
  if (used.has('sendgrid')) {
    found.push(
      walk.includes.some((name) => name === 'sendgrid.net' || name.endsWith('.sendgrid.net'))
        ? ok('it allows SendGrid')
        : info(
            'it does not name SendGrid',
            'right where the domain is authenticated there, for then SendGrid has a return path of its own; else add include:sendgrid.net',
          ),
    );
  }
  if (used.has('smtp') && relay) {
    const { hostname } = relay;
    const addresses = await dns.addresses(hostname);
    const included = walk.includes.some((name) => registrable(name) === registrable(hostname));
    found.push(
      included || addresses.some((address) => walk.allows(address))
        ? ok(`it allows ${hostname}`)
        : warn(
            `it does not allow ${hostname}, our relay`,
            `add what the relay asks for, or a:${hostname}, unless it sends from other addresses that are allowed`,
          ),
    );
  }
  return found;
}

function theRest({ rest }: SpfWalk): MailFinding {
  if (rest === '+') return error('it allows the whole world (+all)', 'end it with ~all or -all');
  if (rest === '-' || rest === '~') return ok(`others are ${rest === '-' ? 'refused (-all)' : 'suspicious (~all)'}`);
  return warn(
    rest === '?' ? 'it says nothing of others (?all)' : 'it has no end',
    'end it with ~all, or with -all once all you send by is in it',
  );
}
