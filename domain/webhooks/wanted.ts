import { journalKinds } from '../words/decision.ts';
import { typesOf, untold } from './happening.ts';
import { wants } from './types.ts';

/** What has to be read for those who are listening: as little as can be told from what they ask for. */
export interface Wanted {
  /** Names of events, or all. */
  events: 'none' | 'all' | string[];
  journal: boolean;
  /** Kinds of the journal that nobody asks for. One that is new is read. */
  notOfJournal: string[];
  /** Decisions of steps are wanted, those of `toldRules`. */
  steps: boolean;
  leads: boolean;
  accounts: boolean;
  consents: boolean;
}

const mailDeeds = ['opened', 'clicked', 'replied', 'auto_replied', 'bounced', 'complained'];
const consentStates = ['granted', 'withdrawn', 'pending', 'expired'];

/** Any type that a kind of the journal may be told as, whatever it belongs to. */
function typesOfKind(kind: string): string[] {
  const base = { table: 'journal', kind, source: null, facts: {} } as const;
  const places = [
    { opportunityId: 'any', campaignId: null, sequence: false },
    { opportunityId: null, campaignId: 'any', sequence: false },
    { opportunityId: null, campaignId: 'any', sequence: true },
    { opportunityId: null, campaignId: null, sequence: false },
  ];
  return places.flatMap((place) => typesOf({ ...base, ...place }).map((one) => one.type));
}

/** What has to be read for endpoints that ask for these patterns, all together. */
export function wantedBy(patterns: readonly string[]): Wanted {
  const any = (types: readonly string[]): boolean => types.some((type) => wants(patterns, type));
  const steps = any(['accepted', 'suppressed', 'cancelled', 'failed', 'unknown'].map((state) => `mail.${state}`));
  const unwanted = journalKinds.filter((kind) => kind !== 'stepped' && !any(typesOfKind(kind)));
  const mailEvents = mailDeeds.filter((deed) => any([`mail.${deed}`])).map((deed) => `email_${deed}`);
  const named = patterns.flatMap((one) => (one.startsWith('event.') && one !== 'event.*' ? [one.slice(6)] : []));
  const events = [...new Set([...named, ...mailEvents])];
  const everyEvent = patterns.includes('*') || patterns.includes('event.*');
  const newKinds = patterns.some((one) => one.endsWith('*') && one !== 'event.*' && one !== 'consent.*');
  return {
    events: everyEvent ? 'all' : events.length > 0 ? events : 'none',
    journal: steps || newKinds || unwanted.length < journalKinds.length - 1,
    notOfJournal: [...new Set([...untold, ...unwanted, ...(steps ? [] : ['stepped'])])],
    steps,
    leads: any(['lead.created']),
    accounts: any(['account.created']),
    consents: consentStates.some((kind) =>
      any(
        typesOf({
          table: 'consent',
          kind,
          opportunityId: null,
          campaignId: null,
          sequence: false,
          source: null,
          facts: {},
        }).map((one) => one.type),
      ),
    ),
  };
}
