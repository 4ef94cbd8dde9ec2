import { addChosen, type Chosen, lockCompanies } from '../db/companies.ts';
import type { QueuedCandidate } from '../db/candidates.ts';
import { type JournalRow, writeJournal } from '../db/journal.ts';
import { accountsOf } from '../db/lead-changes.ts';
import { peopleOfAccounts } from '../db/people.ts';
import type { Queryable } from '../db/pool.ts';
import { wokenLoops } from '../db/woken-loops.ts';
import { plus } from '../domain/calendar/duration.ts';
import { peopleOf } from '../domain/campaign/company.ts';
import { mayReenter } from '../domain/campaign/entry.ts';
import { choosePeople, type People } from '../domain/campaign/people.ts';
import type { Plan } from '../domain/campaign/plan.ts';
import type { CampaignFacts } from '../domain/campaign/step.ts';
import type { Loop } from '../domain/loops.ts';
import type { MailSettings } from './qualification/mails.ts';
import { openAndTell } from './tasks.ts';

/** Somebody who has answered for the conditions of an entry `of: account`, with the facts that were looked at. */
export interface Brought {
  candidate: QueuedCandidate;
  facts: CampaignFacts;
}

/** Business days a salesperson has to find somebody at a company. */
const FIND_WITHIN = '5bd';
/** The step of a task that no step asked for: no step has this id. */
const NO_STEP = '$entry';

interface Wanted extends Brought {
  accountId: string;
  people: People;
}

/**
 * Lets in those of each company who are meant, in place of whoever was brought: once for the company, which is locked meanwhile. Where nobody of it is
 * meant a salesperson may be asked to find somebody, once. Journals what kept a company out. Answers whom to poke after the commit.
 */
export async function bringCompanies(
  tx: Queryable,
  { campaignId, plan, now, mail }: { campaignId: string; plan: Plan; now: Date; mail: MailSettings },
  brought: readonly Brought[],
): Promise<Loop[]> {
  if (brought.length === 0) return [];
  const journal: JournalRow[] = [];
  const keptOut = ({ candidate: { leadId } }: Brought, because: { rule: string; [detail: string]: unknown }): void =>
    void journal.push({ kind: 'not_entered', leadId, campaignId, because });

  const accounts = await accountsOf(
    tx,
    brought.map(({ candidate }) => candidate.leadId),
  );
  const history = await lockCompanies(tx, campaignId, [...new Set(accounts.values())]);
  const people = await peopleOfAccounts(tx, [...accounts.values()]);

  const chosen: Chosen[] = [];
  const nobody: Wanted[] = [];
  for (const one of brought) {
    const { leadId, position, properties } = one.candidate;
    const accountId = accounts.get(leadId);
    if (accountId === undefined) {
      keptOut(one, { rule: 'company', reason: 'belongs to no company' });
      continue;
    }
    const again = mayReenter(plan, history.get(accountId) ?? { active: false, lastEndedAt: null }, one.facts, now, false);
    if (again) {
      keptOut(one, { ...again, rule: 'company' });
      continue;
    }
    const wanted = peopleOf(plan.campaign.entry[position!]!)!;
    const those = choosePeople(people.get(accountId) ?? [], wanted);
    history.set(accountId, { active: true, lastEndedAt: null });
    if (those.length === 0) {
      keptOut(one, { rule: 'company', reason: 'nobody of the company is meant', roles: wanted.roles ?? [] });
      if (wanted.ifNone === 'task') nobody.push({ ...one, accountId, people: wanted });
    } else if (!those.some((person) => person.leadId === leadId))
      keptOut(one, { rule: 'company', reason: 'others of the company enter', people: those.length });
    chosen.push(...those.map((person) => ({ leadId: person.leadId, accountId, position: position!, properties })));
  }
  await writeJournal(tx, journal);
  const woken = await addChosen(tx, campaignId, chosen);
  return [...(await wokenLoops(tx, woken)), ...(await askToFind(tx, { campaignId, now, mail }, nobody))];
}

/** Asks each company's owner to find somebody, once. */
async function askToFind(
  tx: Queryable,
  { campaignId, now, mail }: { campaignId: string; now: Date; mail: MailSettings },
  nobody: readonly Wanted[],
): Promise<Loop[]> {
  return openAndTell(
    tx,
    mail,
    nobody.map(({ candidate: { leadId }, facts, people: { roles } }) => ({
      taskKey: `${leadId}/${NO_STEP}`,
      title: `Find ${roles ? `the ${roles.join(' or ')}` : 'somebody'} at this company`,
      to: { who: 'owner' as const },
      pool: null,
      leadId,
      campaignId,
      enrolmentId: null,
      stepId: NO_STEP,
      outcomes: ['done'],
      once: true,
      awaited: false,
      dueAt: plus(now, FIND_WITHIN, facts.zone, facts.calendar),
      test: false,
    })),
  );
}
