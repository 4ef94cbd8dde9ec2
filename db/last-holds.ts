import { lengthMs } from '../domain/calendar/duration.ts';
import { sendingDocument } from '../domain/campaign/sending.ts';
import type { Barred } from '../domain/campaign/take-turns.ts';
import { leadPaused } from './lead-pause.ts';
import type { Queryable } from './pool.ts';
import { answered } from './reply-pause.ts';
import { pausedAccounts, pauseOf } from './turns.ts';

/** What may hold a mail that is about to leave, though it was queued: it came after. */
export interface LastHold extends Pick<Barred, 'paused' | 'account'> {
  campaignId: string;
  stepPaused: boolean;
}

/**
 * What holds the mails of these enrolments now, by enrolment: their step is paused, the lead is, or marketing to its company. One small statement where nobody
 * is paused at all, three otherwise; those whom nothing holds may be in it, too.
 */
export async function lastHolds(tx: Queryable, enrolmentIds: readonly string[]): Promise<Map<string, LastHold>> {
  const { rows: any } = await tx.query<{ some: boolean; accounts: boolean; document: unknown }>(
    `select exists (select from step_pause) or exists (select from lead l where ${leadPaused}) or exists (select from reply_pause) as some,
            exists (select from record where kind = 'case' and status = 'open') or exists (select from suppression where kind = 'complaint') as accounts,
            (select body from document where kind = 'sending' and key = 'default' order by version desc limit 1) as document`,
  );
  const { some, accounts, document } = any[0]!;
  if (!some && !accounts) return new Map();
  const { rows } = await tx.query<{
    id: string;
    campaignId: string;
    stepPaused: boolean;
    paused: boolean;
    answered: boolean;
    until: Date | null;
    accountId: string | null;
  }>(
    `select e.id, e.campaign_id as "campaignId", ${leadPaused} as paused, ${answered('e.campaign_id', 'e.lead_id')} as answered, l.paused_until as until, l.account_id as "accountId",
            exists (select from step_pause p where p.campaign_id = e.campaign_id and p.step_id = e.step_id) as "stepPaused"
       from enrolment e join lead l on l.id = e.lead_id where e.id = any($1::uuid[])`,
    [enrolmentIds],
  );
  const { complaint, openCase } = sendingDocument.parse(document ?? {});
  const held = await pausedAccounts(tx, accounts ? [...new Set(rows.flatMap((row) => row.accountId ?? []))] : [], {
    complaintMs: complaint === 'ignore' ? null : lengthMs(complaint),
    cases: openCase === 'pause',
  });
  return new Map(
    rows.map(({ id, campaignId, stepPaused, paused, answered: hasAnswered, until, accountId }) => [
      id,
      {
        campaignId,
        stepPaused,
        paused: pauseOf(paused, until, hasAnswered),
        account: accountId === null ? null : (held.get(accountId) ?? null),
      },
    ]),
  );
}
