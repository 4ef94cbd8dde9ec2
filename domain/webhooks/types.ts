import { z } from 'zod';
import { journalKinds } from '../words/decision.ts';
import { typesOf } from './happening.ts';

/** What the data of a message has, besides `because`: the reason as the journal has it. */
export type Block = 'lead' | 'account' | 'opportunity' | 'campaign' | 'task' | 'mail' | 'event' | 'consent' | 'record' | 'because';

/** What can be told. `about` is for people; `blocks` is what the data has. */
export interface EventType {
  type: string;
  about: string;
  blocks: readonly Block[];
}

const lead = ['lead'] as const;
const decided = ['lead', 'because'] as const;
const sold = ['opportunity', 'lead', 'because'] as const;
const inCampaign = ['campaign', 'lead', 'because'] as const;
const asked = ['task', 'lead', 'because'] as const;
const mailed = ['mail', 'campaign', 'lead', 'because'] as const;
const did = ['event', 'lead'] as const;

const named: Readonly<Record<string, readonly [about: string, blocks: readonly Block[]]>> = {
  'lead.created': ['somebody is known for the first time', lead],
  'lead.updated': ['something of somebody is other than before', decided],
  'lead.scored': ['fit, level or qualification changed', decided],
  'lead.stage_changed': ['moved from one stage to another', decided],
  'lead.unsubscribed': ['left a topic, or (topic null) all marketing', decided],
  'lead.resubscribed': ['wants mail again after having left all marketing', decided],
  'lead.marketing_paused': ['marketing to this person stands still', decided],
  'lead.marketing_resumed': ['marketing to this person goes on', decided],
  'lead.tracking_off': ['clicks and opens are no longer noted', decided],
  'lead.tracking_on': ['clicks and opens are noted again', decided],
  'account.created': ['a company is known for the first time', ['account']],
  'account.updated': ['something of a company is other than before', ['account', 'because']],
  'account.reassigned': ['went from a rep who leaves to another', ['account', 'because']],
  'consent.given': ['agreed to a topic', ['consent', 'lead']],
  'consent.withdrawn': ['took a consent back', ['consent', 'lead']],
  'consent.asked': ['was asked to confirm by mail', ['consent', 'lead']],
  'consent.expired': ['a consent has run out', ['consent', 'lead']],
  'campaign.entered': ['entered a campaign', inCampaign],
  'campaign.completed': ['came to the end of a campaign', inCampaign],
  'campaign.exited': ['left a campaign before its end', inCampaign],
  'campaign.goal': ['reached the goal of a campaign', inCampaign],
  'campaign.migrated': ['was moved to another version', inCampaign],
  'campaign.held': ['a campaign waits, since they have answered', inCampaign],
  'campaign.released': ['a campaign that waited goes on, or ends', inCampaign],
  'sequence.started': ['a rep’s sequence began', inCampaign],
  'sequence.completed': ['a sequence came to its end', inCampaign],
  'sequence.stopped': ['a sequence was stopped: an answer, a meeting, a bounce …', inCampaign],
  'sequence.goal': ['a sequence reached its goal', inCampaign],
  'sequence.paused': ['a person has paused a run', inCampaign],
  'sequence.resumed': ['a run goes on', inCampaign],
  'sequence.reassigned': ['a run goes on under the name of another rep', inCampaign],
  'sequence.draft_sent': ['a rep has let a draft go', inCampaign],
  'sequence.draft_skipped': ['a rep has left a draft out', inCampaign],
  'mail.accepted': ['the mail of a step was accepted by the recipient’s server or the provider', mailed],
  'mail.suppressed': ['the mail of a step was not sent: the address is barred', mailed],
  'mail.cancelled': ['the mail of a step was called back before it left', mailed],
  'mail.failed': ['the mail of a step could not be sent', mailed],
  'mail.unknown': ['nobody knows whether the mail of a step arrived', mailed],
  'mail.opened': ['opened a mail', did],
  'mail.clicked': ['followed a link of a mail', did],
  'mail.replied': ['answered a mail', did],
  'mail.auto_replied': ['a machine answered: an absence note', did],
  'mail.bounced': ['a mail came back', did],
  'mail.complained': ['reported a mail as spam', did],
  'opportunity.opened': ['handed to sales', sold],
  'opportunity.joined': ['another person joined an open opportunity', sold],
  'opportunity.offered': ['offered to a rep', sold],
  'opportunity.nudged': ['the rep was reminded', sold],
  'opportunity.backup_asked': ['a second rep was asked too', sold],
  'opportunity.passed_on': ['taken from a rep', sold],
  'opportunity.escalated': ['the managers were told', sold],
  'opportunity.breached': ['a promise was broken', sold],
  'opportunity.accepted': ['a rep took it', sold],
  'opportunity.rejected': ['a rep gave it back, with a reason', sold],
  'opportunity.touched': ['somebody has really talked to them', sold],
  'opportunity.won': ['won', sold],
  'opportunity.lost': ['lost', sold],
  'opportunity.resumed': ['rejected for now: its time has come again', sold],
  'opportunity.reassigned': ['put back into the queue, or given to another', sold],
  'opportunity.handed_over': ['went from a rep who leaves to another', sold],
  'opportunity.rerouted': ['the routing rules were asked again', sold],
  'opportunity.green_channel': ['put before all others', sold],
  'opportunity.held': ['waits until somebody of its pool is in', sold],
  'opportunity.moved_on': ['has waited long enough, and went to another pool', sold],
  'opportunity.pool_changed': ['moved to another pool by hand, or passed to a partner', sold],
  'opportunity.partner_returned': ['came back from a partner', sold],
  'opportunity.credited': ['does not count as a lead given to its rep', sold],
  'opportunity.conflict_noted': ['two reps are at one account', sold],
  'opportunity.conflict_settled': ['a manager has settled who has the account', sold],
  'opportunity.alerted': ['a chat channel was told', sold],
  'opportunity.breach_withdrawn': ['a promise was kept after all', sold],
  'opportunity.snoozed': ['put off by its rep', sold],
  'opportunity.snooze_over': ['the time it was put off for is over', sold],
  'opportunity.changed': ['stage, amount or expected close changed', sold],
  'task.created': ['somebody of the firm is asked to do something', asked],
  'task.done': ['done, with its outcome', asked],
  'task.cancelled': ['not to be done any more', asked],
  'task.reassigned': ['went to somebody else', asked],
  'task.snoozed': ['put off', asked],
  'task.moved': ['due at another time', asked],
  'record.created': ['a quote, order, contract or case is told for the first time', ['record', 'lead', 'because']],
  'record.updated': ['a quote, order, contract or case says something new', ['record', 'lead', 'because']],
  'rep.leaving': ['a rep leaves: what they have is handed over', ['because']],
  'rep.stays': ['a rep who was to leave is there again', ['because']],
  'rep.left': ['a rep has left, and nothing of theirs is left', ['because']],
  'webhook.test': ['somebody asked for a test', []],
};

const blocksOfGroup: Readonly<Record<string, readonly Block[]>> = {
  opportunity: sold,
  campaign: inCampaign,
  sequence: inCampaign,
  task: asked,
  mail: did,
  event: did,
  account: ['account', 'because'],
  rep: ['because'],
};

const groupOf = (type: string): string => type.slice(0, type.indexOf('.'));

/** What the data of a type has. Types that came with a new kind of decision have what their group has. */
export function blocksOf(type: string): readonly Block[] {
  return (Object.hasOwn(named, type) ? named[type]![1] : undefined) ?? blocksOfGroup[groupOf(type)] ?? decided;
}

/** Every type there is but those of events, which are the workspace's own: `event.<name>`. */
export const eventTypes: readonly EventType[] = [
  ...new Set([
    ...Object.keys(named),
    ...journalKinds.flatMap((kind) =>
      typesOf({
        table: 'journal',
        kind,
        opportunityId: 'any',
        campaignId: null,
        sequence: false,
        source: null,
        facts: {},
      }).map((one) => one.type),
    ),
  ]),
].map((type) => ({ type, about: named[type]?.[0] ?? '', blocks: blocksOf(type) }));

const known = new Set(eventTypes.map(({ type }) => type));
const groups = new Set([...known].map(groupOf)).add('event');

/** What an endpoint may ask for: a type, `opportunity.*` or `*`. */
export const pattern = z
  .string()
  .max(220)
  .regex(/^[^\0]*$/)
  .refine(
    (given) =>
      given === '*' ||
      known.has(given) ||
      (given.endsWith('.*') && groups.has(given.slice(0, -2))) ||
      (given.startsWith('event.') && given.length > 6),
    'is no type that is told: see GET /v1/webhooks/types, or say `opportunity.*` or `*`',
  );

/** Whether somebody who asked for these is told of a type. A test is told to whom it is sent only. */
export function wants(patterns: readonly string[], type: string): boolean {
  return patterns.some((one) => one === '*' || one === type || one === `${groupOf(type)}.*`);
}
