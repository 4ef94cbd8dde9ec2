import type { Decided } from './decided.ts';
import { known, value } from './value.ts';

type Because = Record<string, unknown>;

const reasons: Record<string, [one: string, many: string]> = {
  away: ['is away', 'are away'],
  full: ['has as many open as they may', 'have as many open as they may'],
  full_today: ['has had as many today as they may', 'have had as many today as they may'],
  hours: ['is not at work', 'are not at work'],
  skills: ['does not have the skills or the language', 'do not have the skills or the language'],
  had: ['has had it already', 'have had it already'],
};

/** Who was passed over and why, a sentence for each reason: `Eva is away`, `Ana, Ben and 4 more are not at work`. */
function skippedWords(skipped: unknown): string[] {
  if (typeof skipped !== 'object' || skipped === null) return [];
  return Object.entries(skipped as Record<string, { n: number; names: string[] }>).map(([reason, { n, names }]) => {
    const [one, many] = known(reasons, reason) ?? [reason, reason];
    const more = n > names.length ? ` and ${n - names.length} more` : '';
    return `${names.join(', ')}${more} ${n === 1 ? one : many}`;
  });
}

const despite: Record<string, string> = {
  nobody_can: 'nobody of the pool has what it asks for',
  full_today: 'it is urgent, and nobody else had room today',
  waited: 'it has waited as long as it may',
};

const percent = (share: unknown): string => `${Math.round(Number(share) * 1_000) / 10} %`;

/** What spoke for the rep to whom it was offered, or for waiting: their share, who else there was and why not they, and what was let go of. */
export function poolFacts(because: Because): string[] {
  const { share, of, given, behind } = because;
  const facts: string[] = [];
  if (share !== undefined) {
    const owed = Number(behind);
    const stands =
      Math.abs(owed) < 0.005 ? 'exactly their share' : `${value(Math.abs(owed))} ${owed > 0 ? 'behind' : 'ahead of'} their share`;
    facts.push(`${percent(share)} of the leads of a pool of ${value(of)}; with this one ${value(given)}, ${stands}`);
  }
  facts.push(...skippedWords(because['skipped']));
  const waived = known(despite, because['despite']);
  return waived ? [...facts, waived] : facts;
}

const backs: Record<string, string> = {
  late: 'nobody accepted it in time',
  nobody: 'nobody there is left to ask',
  given_back: 'they gave it back',
};

/** What pools write in the journal, beside offers. */
export const poolWords = {
  held: ({ because }) => {
    const until =
      because['until'] === undefined ? 'until somebody is in' : `until somebody is in, and no longer than ${value(because['until'])}`;
    const next = because['next'] === undefined ? '' : ` (looked at again on ${value(because['next'])})`;
    return `waits in the pool ‘${value(because['pool'])}’ ${until}${next}`;
  },
  moved_on: ({ because }) => `waited long enough in the pool ‘${value(because['from'])}’, and went on to ‘${value(because['pool'])}’`,
  credited: ({ because }) => `does not count as a lead given to ${value(because['name'] ?? because['rep'])}: ${value(because['reason'])}`,
  pool_changed: ({ because }) =>
    because['partner'] === undefined
      ? `moved to the pool ‘${value(because['pool'])}’ by hand`
      : `passed to ${value(because['partner'])}, until ${value(because['until'])} at most unless they accept it`,
  partner_returned: ({ because }) =>
    `came back from ${value(because['partner'])} to the pool ‘${value(because['pool'])}’: ${known(backs, because['why']) ?? value(because['why'])}${because['note'] === undefined ? '' : ` (“${value(because['note'])}”)`}`,
} satisfies Record<string, (decided: Decided) => string>;
