/** A row that says that something has happened, whichever table it stands in. */
export interface Happening {
  /** Of the row: a uuid v7, so it is in the order of happening. */
  id: string;
  table: 'event' | 'journal' | 'lead' | 'account' | 'consent';
  /** Name of an event, kind of a line of the journal, state of a consent. */
  kind: string;
  at: Date;
  leadId: string | null;
  accountId: string | null;
  opportunityId: string | null;
  campaignId: string | null;
  /** Whether that campaign is a sequence. */
  sequence: boolean;
  enrolmentId: string | null;
  stepId: string | null;
  /** An event: who told of it (`form`, `segment`, `sales` …). */
  source: string | null;
  /** The properties of an event, the reason of a decision, the words of a consent. */
  facts: Record<string, unknown>;
  /** The other system whose telling caused it. */
  origin: string | null;
}

type Named = Pick<Happening, 'table' | 'kind' | 'opportunityId' | 'campaignId' | 'sequence' | 'source' | 'facts'>;

/** Lines of the journal that are an engine's own business, or that another row tells better. */
export const untold: readonly string[] = [
  'stayed',
  'not_entered',
  'colleagues',
  'score_failed',
  'call_failed',
  'call_retried',
  'consent_expired',
  'rung_passed',
];

/** Decisions of steps that are told: what became of a mail. What a campaign writes down of a lead is told where it changes something. */
export const toldRules: readonly string[] = ['sent'];

const ofJournal: Readonly<Record<string, string>> = {
  entered: 'campaign.entered',
  completed: 'campaign.completed',
  exited: 'campaign.exited',
  goal: 'campaign.goal',
  migrated: 'campaign.migrated',
  campaign_held: 'campaign.held',
  campaign_released: 'campaign.released',
  scored: 'lead.scored',
  stage_changed: 'lead.stage_changed',
  corrected: 'lead.updated',
  lead_told: 'lead.updated',
  account_told: 'account.updated',
  marketing_paused: 'lead.marketing_paused',
  marketing_resumed: 'lead.marketing_resumed',
  tracking_off: 'lead.tracking_off',
  tracking_on: 'lead.tracking_on',
  unsubscribed: 'lead.unsubscribed',
  resubscribed: 'lead.resubscribed',
  handed_off: 'opportunity.opened',
  sla_breached: 'opportunity.breached',
  task_opened: 'task.created',
  run_paused: 'sequence.paused',
  run_resumed: 'sequence.resumed',
  run_given: 'sequence.reassigned',
  draft_sent: 'sequence.draft_sent',
  draft_skipped: 'sequence.draft_skipped',
};

const ofSequence: Readonly<Record<string, string>> = {
  'campaign.entered': 'sequence.started',
  'campaign.completed': 'sequence.completed',
  'campaign.exited': 'sequence.stopped',
  'campaign.goal': 'sequence.goal',
  'campaign.migrated': 'sequence.migrated',
};

const ofConsent: Readonly<Record<string, string>> = {
  granted: 'consent.given',
  withdrawn: 'consent.withdrawn',
  pending: 'consent.asked',
  expired: 'consent.expired',
};

const mailDeed = /^email_(opened|clicked|replied|auto_replied|bounced|complained)$/;

/** Events that repeat what the journal tells in full. */
const repeated = ({ kind, source }: Pick<Happening, 'kind' | 'source'>): boolean =>
  (source === 'sales' && /^(opportunity|task)_/.test(kind)) || (source === 'consent' && kind === 'unsubscribed');

/** Groups that a kind of the journal may name itself: `opportunity_won`, `task_done`. */
const prefixed = /^(lead|account|opportunity|campaign|sequence|task|mail|consent|record|rep|meeting)_(.+)$/;

/** The type a line of the journal is told as; null: it is not. A kind that nobody has named here is called after what it is about. */
function journalType({ kind, opportunityId, campaignId, sequence, facts }: Named): string | null {
  if (untold.includes(kind)) return null;
  if (kind === 'stepped') {
    return facts['rule'] === 'sent' ? `mail.${String(facts['mail'])}` : null;
  }
  const own = Object.hasOwn(ofJournal, kind) ? ofJournal[kind]! : null;
  if (own !== null) return sequence && Object.hasOwn(ofSequence, own) ? ofSequence[own]! : own;
  const [, group, rest] = prefixed.exec(kind) ?? [];
  if (group !== undefined) return `${group}.${rest!}`;
  if (opportunityId !== null) return `opportunity.${kind}`;
  if (campaignId !== null) return `${sequence ? 'sequence' : 'campaign'}.${kind}`;
  return `lead.${kind}`;
}

/** The type a row is told as, with the letter that tells its messages apart; none, where it is not told. */
export function typesOf(row: Named): { type: string; letter: string }[] {
  switch (row.table) {
    case 'lead':
    case 'account':
      return [{ type: `${row.table}.created`, letter: row.table === 'lead' ? 'l' : 'a' }];
    case 'consent':
      return Object.hasOwn(ofConsent, row.kind) ? [{ type: ofConsent[row.kind]!, letter: 'c' }] : [];
    case 'journal': {
      const type = journalType(row);
      return type === null ? [] : [{ type, letter: 'j' }];
    }
    case 'event': {
      if (repeated(row)) return [];
      const deed = mailDeed.exec(row.kind)?.[1];
      return [{ type: deed ? `mail.${deed}` : `event.${row.kind}`, letter: 'e' }];
    }
  }
}
