import { heldOut } from '../domain/campaign/holdout.ts';
import { entryKindOf } from '../domain/campaign/entries/index.ts';
import type { EntryDocument } from '../domain/campaign/entries/kind.ts';
import type { Plan } from '../domain/campaign/plan.ts';
import type { Because } from '../domain/campaign/step.ts';
import { comingBy } from './coming.ts';
import type { Prospect } from './entry-facts.ts';
import { type Judged, judge } from './judge.ts';
import type { Queryable } from './pool.ts';
import { loadSurroundings, type Surroundings } from './surroundings.ts';

/** Who of some people would be let in, and what keeps the others out. */
export interface Outlook {
  /** How many would enter, and how many of them would be held out. */
  entering: number;
  heldOut: number;
  /** `at`: when what brings them in happened, or will. */
  first: { leadId: string; email: string | null; at: Date; because: Because }[];
  /** Why the others would not, by rule, the most frequent first. */
  notEntering: { rule: string; because: Because; count: number; first: { leadId: string; email: string | null }[] }[];
}

export interface DryRun extends Outlook {
  /** Whom dates and schedules bring until then, the next first. */
  coming: Outlook & { until: Date };
  entries: { words: string; lookedAt: number; note: string | null }[];
  /** False when there were more people than were looked at. */
  complete: boolean;
}

const SHOWN = 100;
const EXAMPLES = 3;
const CHUNK = 1_000;
const MOST_EVENTS = 50_000;
const MOST_LEADS = 20_000;

interface Arrivals {
  prospects: Prospect[];
  complete: boolean;
  note: string | null;
}

/**
 * Who would enter a campaign now: by an event, whoever's newest fitting one came since `since`; by a segment, whoever is in it. And who will come
 * by dates and schedules until `until`, as things stand now. The very `admit` decides; nothing is written. Test leads are left out.
 */
export async function dryRun(
  tx: Queryable,
  plan: Plan,
  campaignId: string | null,
  { since, until }: { since: Date; until: Date },
): Promise<DryRun> {
  const around = await loadSurroundings(tx);
  const coming = await comingBy(tx, plan.campaign.entry, campaignId, until, around);
  const arrivals: Arrivals[] = [];
  for (const [position, entry] of plan.campaign.entry.entries())
    arrivals.push(coming.has(position) ? NOBODY : await arrivalsOf(tx, entry, position, since, around.now));
  const inTime = [...coming.values()].flatMap((one) => one.prospects).toSorted((a, b) => a.eventAt.getTime() - b.eventAt.getTime());

  const outlook = (prospects: readonly Prospect[]) => outlookOf(tx, plan, campaignId, prospects, around);
  return {
    ...(await outlook(arrivals.flatMap((one) => one.prospects))),
    coming: { until, ...(await outlook(inTime)) },
    entries: plan.campaign.entry.map((entry, i) => ({
      words: entryKindOf(entry)!.words(entry),
      lookedAt: coming.get(i)?.lookedAt ?? arrivals[i]!.prospects.length,
      note: (coming.get(i) ?? arrivals[i]!).note,
    })),
    complete: arrivals.every((one) => one.complete) && [...coming.values()].every((one) => one.complete),
  };
}

const NOBODY: Arrivals = { prospects: [], complete: true, note: null };

async function outlookOf(
  tx: Queryable,
  plan: Plan,
  campaignId: string | null,
  prospects: readonly Prospect[],
  around: Surroundings,
): Promise<Outlook> {
  const judged: Judged[] = [];
  for (let i = 0; i < prospects.length; i += CHUNK)
    judged.push(...(await judge(tx, plan, campaignId, prospects.slice(i, i + CHUNK), around)));

  const entered = new Map<string, Judged>();
  for (const one of judged) if (one.decision.admit && !entered.has(one.prospect.leadId)) entered.set(one.prospect.leadId, one);
  const kept = new Map<string, Judged[]>();
  for (const one of judged) {
    const { rule } = one.decision.because;
    if (!one.decision.admit && !entered.has(one.prospect.leadId)) kept.set(rule, [...(kept.get(rule) ?? []), one]);
  }
  const groups = [...kept].toSorted(([, a], [, b]) => b.length - a.length);
  const shown = [...entered.values()].slice(0, SHOWN);
  const emails = await emailsOf(tx, [...shown, ...groups.flatMap(([, those]) => those.slice(0, EXAMPLES))]);
  const person = ({ prospect: { leadId } }: Judged) => ({ leadId, email: emails.get(leadId) ?? null });
  return {
    entering: entered.size,
    heldOut: [...entered.keys()].filter((leadId) => heldOut(plan.campaign, leadId)).length,
    first: shown.map((one) => ({ ...person(one), at: one.prospect.eventAt, because: one.decision.because })),
    notEntering: groups.map(([rule, those]) => ({
      rule,
      because: those[0]!.decision.because,
      count: new Set(those.map((one) => one.prospect.leadId)).size,
      first: those.slice(0, EXAMPLES).map(person),
    })),
  };
}

async function arrivalsOf(tx: Queryable, entry: EntryDocument, position: number, since: Date, now: Date): Promise<Arrivals> {
  const kind = entryKindOf(entry)!;
  if (kind.event) return byEvent(tx, entry, position, since);
  if (entry['atLaunch'] === 'exclude')
    return { prospects: [], complete: true, note: 'those who are in the segment already stay outside: atLaunch says so' };
  const { rows } = await tx.query<{ id: string }>('select id from lead where not test order by id limit $1', [MOST_LEADS + 1]);
  const people = rows.slice(0, MOST_LEADS);
  return {
    prospects: people.map(({ id }) => ({ leadId: id, eventId: null, eventAt: now, position, properties: {} })),
    complete: rows.length <= MOST_LEADS,
    note: null,
  };
}

/** Each lead with its newest event that the entry asks for. */
async function byEvent(tx: Queryable, entry: EntryDocument, position: number, since: Date): Promise<Arrivals> {
  const kind = entryKindOf(entry)!;
  const { rows } = await tx.query<Omit<Prospect, 'position'>>(
    `select e.lead_id as "leadId", e.id as "eventId", e.at as "eventAt", e.properties
       from event e join lead l on l.id = e.lead_id
      where e.name = $1 and e.at >= $2 and not l.test order by e.at desc, e.id limit $3`,
    [kind.event!(entry), since, MOST_EVENTS],
  );
  const newest = new Map<string, Prospect>();
  for (const row of rows)
    if (!newest.has(row.leadId) && (kind.matches?.(entry, row.properties) ?? true)) newest.set(row.leadId, { ...row, position });
  return {
    prospects: [...newest.values()],
    complete: rows.length < MOST_EVENTS,
    note: `counted by what happened since ${since.toISOString().slice(0, 10)}`,
  };
}

async function emailsOf(tx: Queryable, judged: readonly Judged[]): Promise<Map<string, string | null>> {
  const { rows } = await tx.query<{ id: string; email: string | null }>('select id, email from lead where id = any($1::uuid[])', [
    [...new Set(judged.map(({ prospect }) => prospect.leadId))],
  ]);
  return new Map(rows.map((row) => [row.id, row.email]));
}
