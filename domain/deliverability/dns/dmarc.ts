import { findingsOf, type MailFinding } from './finding.ts';
import { readTags } from './tags.ts';

const { ok, info, warn, error } = findingsOf('dmarc');

/** Whether a TXT record is a DMARC policy. */
export const isDmarc = (record: string): boolean => /^v\s*=\s*DMARC1\s*(;|$)/.test(record);

const POLICIES = new Set(['none', 'quarantine', 'reject']);

/** What to say of the policy found at `name` (RFC 7489). `inherited`: it is that of the domain above. */
export function judgeDmarc(record: string, name: string, inherited: boolean): MailFinding[] {
  const tags = readTags(record);
  const policy = ((inherited ? tags.get('sp') : undefined) ?? tags.get('p') ?? '').toLowerCase();
  if (!POLICIES.has(policy)) return [error(`${name} names no policy (p=none, quarantine or reject)`, 'publish p=none at least')];
  const share = Number(tags.get('pct') ?? 100);
  const strict = ['adkim', 'aspf'].filter((tag) => tags.get(tag)?.toLowerCase() === 's');
  return [
    policy === 'none'
      ? info(
          `${name}: p=none${inherited ? ', of the domain above' : ''}: enough for Gmail and Yahoo, protects nobody`,
          'read the reports, then go on to p=quarantine',
        )
      : ok(`${name}: p=${policy}${inherited ? ', of the domain above' : ''}`),
    ...(share < 100 ? [info(`only ${share}% of failing mail is treated so (pct)`)] : []),
    tags.get('rua')?.toLowerCase().includes('mailto:')
      ? ok(`reports go to ${tags.get('rua')}`)
      : warn(`${name} asks for no reports (rua)`, `add rua=mailto:…: they tell who sends in your name`),
    ...(strict.length > 0
      ? [
          info(
            `${strict.join(' and ')} ask for the very domain of the sender, not one below or above it`,
            'every system that sends in your name must sign with that domain',
          ),
        ]
      : []),
  ];
}
