import { entryKindOf } from '../domain/campaign/entries/index.ts';
import type { EntryDocument } from '../domain/campaign/entries/kind.ts';
import { leavesFor, needsFor, type Plan } from '../domain/campaign/plan.ts';
import type { Because } from '../domain/campaign/step.ts';
import { whatWouldChange } from '../domain/words/change.ts';
import { tell } from '../domain/words/decision.ts';
import { ruleWords } from '../domain/words/rules.ts';
import { value } from '../domain/words/value.ts';
import type { CampaignRow } from './campaigns.ts';
import { loadActive } from './enrolments.ts';
import type { Prospect } from './entry-facts.ts';
import { loadFacts } from './facts.ts';
import { type Judged, judge } from './judge.ts';
import { planOfVersion } from './plan.ts';
import type { Queryable } from './pool.ts';
import { loadStepFacts } from './step-facts/index.ts';
import { loadSurroundings } from './surroundings.ts';
import { mailRefusal } from './why-no-mail.ts';

/** One thing that keeps somebody out of a campaign, or holds them back in it. */
export interface Hindrance {
  rule: string;
  words: string;
  /** What the rule looked at, and what it saw. */
  facts: string[];
  /** What would have to change. */
  change: string[];
  /** When it is looked at again, or ends by itself. */
  until: Date | null;
}

export interface WhyNot {
  /** In it now; would be let in if they came; or kept out. */
  standing: 'in' | 'may_enter' | 'out';
  hindrances: Hindrance[];
  /** What was decided about them at this door before, newest first. */
  before: { at: Date; words: string }[];
}

/** Which rule keeps a lead out of a campaign, or what its enrolment waits for. Decides by the very `admit`, and writes nothing. */
export async function whyNot(tx: Queryable, campaign: CampaignRow, plan: Plan, leadId: string): Promise<WhyNot> {
  const under = await enrolmentOf(tx, campaign.id, leadId);
  const before = await refusals(tx, campaign, leadId);
  const state = stateOf(campaign);
  const unsent = await mailRefusal(tx, plan.campaign, leadId);
  const mail = unsent ? [plain(unsent.rule, unsent.words, unsent.change)] : [];
  if (under)
    return { standing: 'in', hindrances: [...state, holding(campaign, under, await stepSays(tx, campaign.id, under)), ...mail], before };

  const around = await loadSurroundings(tx);
  const waiting = await atTheDoor(tx, campaign.id, leadId);
  const doors = await Promise.all(plan.campaign.entry.map((entry, position) => arrival(tx, entry, position, leadId, around.now)));
  const byHand: Prospect = { leadId, eventId: null, eventAt: around.now, position: null, properties: {} };
  const prospects = [byHand, ...doors.flatMap((door) => (door.prospect ? [door.prospect] : []))];
  // One by one: each as if it came alone.
  const judged = await Promise.all(prospects.map(async (one) => (await judge(tx, plan, campaign.id, [one], around))[0]!));
  const [hand, ...others] = judged;
  const general = hand!.decision.admit ? [] : [refusal(plan, hand!)];
  const entries = doors.flatMap((door) => {
    if (!door.prospect) return [door.hindrance!];
    const found = others.find((one) => one.prospect === door.prospect)!;
    if (found.decision.admit) return [];
    return found.decision.because.rule === hand!.decision.because.rule ? [] : [refusal(plan, found)];
  });
  const open = state.length === 0 && general.length === 0 && (others.some((one) => one.decision.admit) || waiting.length > 0);
  return {
    standing: open ? 'may_enter' : 'out',
    hindrances: [...state, ...general, ...waiting, ...(open && waiting.length === 0 ? [notCome(others)] : open ? [] : entries), ...mail],
    before,
  };
}

const plain = (rule: string, words: string, change: string[] = [], until: Date | null = null): Hindrance => ({
  rule,
  words,
  facts: [],
  change,
  until,
});

function stateOf({ state, liveVersionId, pausedAt }: CampaignRow): Hindrance[] {
  if (state === 'archived') return [plain('archived', 'the campaign is archived: nobody enters any more')];
  if (state === 'draft' || liveVersionId === null) return [plain('draft', 'the campaign is a draft', ['it would have to be launched'])];
  if (state !== 'paused') return [];
  return [plain('paused', `the campaign is paused since ${value(pausedAt?.toISOString())}`, ['it would have to be resumed'])];
}

/** They would have been let in for what they did: but that was before, or while it was not live. */
const notCome = (others: readonly Judged[]): Hindrance =>
  plain('not_come', 'nothing keeps them out', [
    others.some(({ prospect }) => prospect.eventId !== null)
      ? 'what brings people in happened already, before the campaign took newcomers or when they came in last: it would have to happen again, or they be added by hand'
      : 'they enter as soon as what brings people in happens, or when they are added by hand',
  ]);

function refusal(plan: Plan, { decision, prospect, facts }: Judged): Hindrance {
  const { because } = decision;
  const words = ruleWords(because);
  const told = tell({ kind: 'not_entered', stepId: null, campaign: plan.campaign.name, because });
  const until = typeof because['from'] === 'string' ? new Date(because['from']) : null;
  return { rule: because.rule, words, facts: told.facts, change: changeFor(plan, because, prospect, facts), until };
}

function changeFor(plan: Plan, because: Because, { position }: Prospect, facts: Judged['facts']): string[] {
  const entry = position === null ? null : plan.entryIf[position];
  if (because.rule === 'entry.if' && entry) return whatWouldChange(entry, facts);
  if (because.rule === 'exitWhen' && plan.exitWhen) return whatWouldChange(plan.exitWhen, facts, false);
  const excluding = plan.exclude.find(({ segment }) => because.rule === 'exclude' && segment === because['segment']);
  if (excluding) return whatWouldChange(excluding.condition, facts, false);
  if (because.rule === 'reentry' && because['from'] === undefined && plan.campaign.reentry === 'never')
    return ['the campaign takes everybody once: reentry would have to say otherwise'];
  return [];
}

/** The newest thing of theirs that would bring them to this entry, or why there is none. */
async function arrival(
  tx: Queryable,
  entry: EntryDocument,
  position: number,
  leadId: string,
  now: Date,
): Promise<{ prospect: Prospect | null; hindrance?: Hindrance }> {
  const kind = entryKindOf(entry)!;
  const name = kind.event?.(entry);
  if (name === undefined) {
    if (kind.condition) return { prospect: { leadId, eventId: null, eventAt: now, position, properties: {} } };
    return { prospect: null, hindrance: plain('entry', `${kind.words(entry)}: not yet, or they are not whom it brings in`) };
  }
  const { rows } = await tx.query<Omit<Prospect, 'position'>>(
    `select lead_id as "leadId", id as "eventId", at as "eventAt", properties from event where lead_id = $1 and name = $2 order by at desc limit 500`,
    [leadId, name],
  );
  const fitting = rows.find((row) => kind.matches?.(entry, row.properties) ?? true);
  if (fitting) return { prospect: { ...fitting, position } };
  if (rows.length === 0)
    return { prospect: null, hindrance: plain('never_happened', `${name} never happened`, [`${name} would have to happen`]) };
  const where = (entry['where'] ?? {}) as Record<string, unknown>;
  const seen = Object.keys(where).map(
    (property) => `${property} ${value(rows[0]!.properties[property])} (asked for: ${value(where[property])})`,
  );
  const words = `${name} happened ${rows.length}×, last on ${value(rows[0]!.eventAt.toISOString())}, but not as the campaign asks for it`;
  return { prospect: null, hindrance: { ...plain('event', words, [`${name} would have to happen as asked for`]), facts: seen } };
}

interface UnderWay {
  id: string;
  dueAt: Date;
  error: string | null;
  /** Why it stands where it stands, where its last look wrote it down. */
  stayed: Because | null;
}

async function enrolmentOf(tx: Queryable, campaignId: string, leadId: string): Promise<UnderWay | null> {
  const { rows } = await tx.query<UnderWay>(
    `select e.id, e.due_at as "dueAt", e.error, case when j.kind = 'stayed' and j.step_id = e.step_id then j.because end as stayed
       from enrolment e left join lateral (
         select because, kind, step_id from journal
          where lead_id = e.lead_id and enrolment_id = e.id and kind not in ('task_opened', 'task_reassigned', 'call_failed') order by at desc, id desc limit 1) j on true
      where e.campaign_id = $1 and e.lead_id = $2 and e.state = 'active' order by e.entered_at desc limit 1`,
    [campaignId, leadId],
  );
  return rows[0] ?? null;
}

/** What the step it stands on would decide now. A newcomer's first wait is in no journal. */
async function stepSays(tx: Queryable, campaignId: string, { id }: UnderWay): Promise<{ stepId: string; because: Because | null }> {
  const [enrolment] = await loadActive(tx, [id]);
  const stepId = enrolment?.stepId ?? '';
  const plan = enrolment && (await planOfVersion(tx, enrolment.versionId));
  const node = plan?.nodes.get(stepId);
  if (!enrolment || !plan || !node) return { stepId, because: null };
  const around = await loadSurroundings(tx);
  const subject = { ...enrolment, enrolmentId: id, campaignId };
  const [facts] = await loadFacts(tx, [subject], leavesFor(plan, [stepId]), around);
  const [more] = await loadStepFacts(tx, [subject], needsFor(plan, [stepId]), around);
  try {
    const outcome = node.kind.decide({
      step: node.step,
      enrolment,
      facts: { ...facts!, ...more },
      campaign: plan.campaign,
      conditions: node.conditions,
      now: around.now,
    });
    return { stepId, because: 'stay' in outcome ? outcome.because : null };
  } catch {
    // What cannot be decided is the enrolment's error, which is told; or will be, once its loop has looked.
    return { stepId, because: null };
  }
}

function holding(
  { key }: CampaignRow,
  { dueAt, error, stayed }: UnderWay,
  { stepId, because }: { stepId: string; because: Because | null },
): Hindrance {
  if (error !== null) return plain('error', `${stepId}: the last look failed (${error})`, ['it is tried again by itself'], dueAt);
  const holds = stayed ?? because;
  if (!holds) return plain('next_look', `is in it, at ${stepId}, and goes on at the next look`, [], dueAt);
  const { words, facts } = tell({ kind: 'stayed', stepId, campaign: null, because: holds });
  return { rule: holds.rule, words, facts, change: letGo(holds, key, stepId), until: dueAt };
}

/** What a person would have to do. */
function letGo({ rule, held }: Because, key: string, stepId: string): string[] {
  if (rule === 'step_paused') return [`the step would have to be resumed: tendril campaign resume ${key} --step ${stepId}`];
  const answered = (held as { by?: string } | undefined)?.by === 'answered';
  return answered ? ['the task about their answer would have to be closed, or the lead resumed: POST /v1/leads/{lead}/resume'] : [];
}

async function atTheDoor(tx: Queryable, campaignId: string, leadId: string): Promise<Hindrance[]> {
  const { rows } = await tx.query<{ dueAt: Date | null; scoring: boolean }>(
    `select due_at as "dueAt", needs_score and exists (select from score_wake w where w.lead_id = c.lead_id) as scoring
       from candidate c where campaign_id = $1 and lead_id = $2 order by id limit 1`,
    [campaignId, leadId],
  );
  return rows.map(({ dueAt, scoring }) =>
    scoring
      ? plain('scoring', 'stands at the door until the score is known')
      : plain('turn', `stands at the door${dueAt ? ': the campaign takes people in one after the other' : ''}`, [], dueAt),
  );
}

/** What the journal says about earlier comings. */
async function refusals(tx: Queryable, campaign: CampaignRow, leadId: string): Promise<WhyNot['before']> {
  const { rows } = await tx.query<{ at: Date; because: Because }>(
    `select at, because from journal where lead_id = $1 and campaign_id = $2 and kind = 'not_entered' order by at desc, id desc limit 5`,
    [leadId, campaign.id],
  );
  return rows.map(({ at, because }) => ({
    at,
    words: tell({ kind: 'not_entered', stepId: null, campaign: campaign.name, because }).words,
  }));
}
