import { type JournalRow, writeJournal } from '../db/journal.ts';
import { loadFacts, loadSurroundings } from '../db/facts.ts';
import type { Queryable } from '../db/pool.ts';
import { activeRuns, type Run } from '../db/sequence-runs.ts';
import { loadStepFacts } from '../db/step-facts/index.ts';
import { loadWriters, placesOfDay, putOffBefore, type Writer } from '../db/threads.ts';
import { plus } from '../domain/calendar/duration.ts';
import { addDates, dateAt, startOf } from '../domain/calendar/zoned.ts';
import { exitReached, stopReached } from '../domain/campaign/decide.ts';
import type { Plan } from '../domain/campaign/plan.ts';
import type { Because, CampaignFacts } from '../domain/campaign/step.ts';
import { mailLeavesAt, type MailStep } from '../domain/campaign/steps/mail.ts';
import type { CampaignWord } from '../domain/delivery/last-look.ts';
import { backAt } from '../domain/sequences/away.ts';
import type { Plans } from './plans.ts';

/** A letter of the ledger that is about to leave. */
export interface LeavingLetter {
  id: string;
  sendKey: string;
  enrolmentId: string | null;
}

type Held = 'held: rep_limit' | 'held: mailbox_unread';

interface Standing {
  run: Run;
  plan: Plan;
  facts: CampaignFacts;
}

/** What a pause by hand puts off is looked at again after this; resuming looks at once. */
const PAUSED_LOOK = '1d';
/** How long letters wait for a mailbox that cannot be read, until somebody looks again. */
const UNREAD_LOOK = '30m';

/**
 * The last look at letters that are about to leave, in the transaction that sets them `in_flight`: is the run still there, has something happened that
 * ends it, is it or the lead paused, is the lead out of the office, is the window shut, can the mailbox be read to
 * which they answer, is there a place left in the rep's day? Answers those that must not
 * go now, by send id; what is put off is journalled once. A fixed number of statements, whatever the number of letters.
 */
export async function letterWanted(tx: Queryable, plans: Plans, letters: readonly LeavingLetter[]): Promise<Map<string, CampaignWord>> {
  const words = new Map<string, CampaignWord>();
  const around = await loadSurroundings(tx);
  const { now } = around;
  const standing = await standingOf(tx, plans, letters, around);
  const writers = await loadWriters(tx, [...new Set([...standing.values()].map(({ run }) => run.repId))]);
  const before = await putOffBefore(
    tx,
    letters.map(({ id }) => id),
  );
  const journal: JournalRow[] = [];
  const putOff = (letter: LeavingLetter, { run }: Standing, until: Date, because: Because, held?: Held): void => {
    words.set(letter.id, { notBefore: until, ...(held && { held }) });
    // It may be put off for many days: that is said once.
    if (held && before.get(letter.id) === held) return;
    const { leadId, campaignId, id: enrolmentId, seq, stepId } = run;
    journal.push({ kind: 'stayed', leadId, campaignId, enrolmentId, seq, stepId, because });
  };

  const free: { letter: LeavingLetter; stands: Standing; writer: Writer }[] = [];
  for (const letter of letters) {
    const stands = standing.get(letter.enrolmentId ?? '');
    const { sendKey } = letter;
    if (!stands || (stands.run.waiting !== `send:${sendKey}` && stands.run.waiting !== `draft:${sendKey}`)) {
      words.set(letter.id, { reason: 'left_step' });
      continue;
    }
    const { run, plan, facts } = stands;
    const writer = writers.get(run.repId);
    const stop = stopReached(plan, facts);
    const back = backAt(facts);
    const opens = opensAt(stands, now);
    if (stop) words.set(letter.id, { reason: String(stop['on']) });
    else if (exitReached(plan, facts)) words.set(letter.id, { reason: 'exit_when' });
    else if (run.pausedAt) words.set(letter.id, { notBefore: plus(now, PAUSED_LOOK) });
    else if (!writer?.active)
      putOff(letter, stands, plus(now, PAUSED_LOOK), { rule: 'rep_gone', until: plus(now, PAUSED_LOOK).toISOString() });
    else if (back && back > now) putOff(letter, stands, back, { rule: 'away', returns: facts.away!.returns, until: back.toISOString() });
    else if (opens > now) words.set(letter.id, { notBefore: opens });
    // An answer may lie where nobody sees it.
    else if (writer.unread) putOff(letter, stands, plus(now, UNREAD_LOOK), { rule: 'mailbox_unread' }, 'held: mailbox_unread');
    else free.push({ letter, stands, writer });
  }

  const days = new Map([...new Set(free.map(({ writer }) => writer))].map((writer) => [writer.id, dateAt(now, writer.timezone)]));
  const places = await placesOfDay(
    tx,
    [...days].map(([id, day]) => ({ id, day, limit: writers.get(id)!.limit })),
    [...words.keys()],
  );
  for (const { letter, stands, writer } of free) {
    if (places.has(letter.id)) continue;
    const until = opensAt(stands, addDates(startOf(days.get(writer.id)!, writer.timezone), { days: 1 }, writer.timezone));
    putOff(letter, stands, until, { rule: 'rep_limit', limit: writer.limit, until: until.toISOString() }, 'held: rep_limit');
  }
  await writeJournal(tx, journal);
  return words;
}

/** When the letter of the step a run stands on may leave, from an instant on. */
function opensAt({ run, plan, facts }: Standing, from: Date): Date {
  const step = plan.nodes.get(run.stepId)?.step as unknown as MailStep | undefined;
  return step ? mailLeavesAt(plan.campaign, step, facts, from) : from;
}

async function standingOf(
  tx: Queryable,
  plans: Plans,
  letters: readonly LeavingLetter[],
  around: Awaited<ReturnType<typeof loadSurroundings>>,
): Promise<Map<string, Standing>> {
  const runs = await activeRuns(
    tx,
    letters.flatMap(({ enrolmentId }) => enrolmentId ?? []),
  );
  const byVersion = await plans.get(
    tx,
    runs.map((run) => run.versionId),
  );
  const subjects = runs.map((run) => ({ ...run, enrolmentId: run.id }));
  const leaves = [...new Set(runs.map((run) => run.versionId))].flatMap((id) => byVersion.get(id)!.guardLeaves);
  const facts = await loadFacts(tx, subjects, leaves, around);
  const more = await loadStepFacts(tx, subjects, ['attributes', 'away'], around);
  return new Map(
    runs.map((run, i) => [
      run.id,
      { run, plan: byVersion.get(run.versionId)!, facts: Object.assign(facts[i]!, more[i]?.attributes, more[i]) },
    ]),
  );
}
