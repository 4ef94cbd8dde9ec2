import { sequences, sweeps } from './patterns.ts';
import type { Hit } from './hit.ts';
import { callerOf } from './user-agents.ts';

/** What tells that nobody clicked or looked, each in words for whoever reads the mail's hits. */
export const machineReasons = {
  trap: 'followed a link that nobody can see',
  provider: 'the mail provider says it was a machine',
  head: 'asked only whether the link is there (HEAD)',
  prefetch: 'a browser or a proxy loaded it ahead',
  scanner: 'a known mail scanner',
  proxy: "the mailbox provider's proxy, which loads pictures unseen",
  program: 'a program, no browser',
  nameless: 'a program that does not say what it is',
  too_soon: 'sooner after delivery than anybody reads',
  sweep: 'several links at once',
  sequence: 'link after link in the order of the mail, faster than anybody reads',
  same_caller: 'the same caller did what only a scanner does',
} as const;
export type MachineReason = keyof typeof machineReasons;

export type Verdict = { by: 'human' } | { by: 'machine'; reason: MachineReason };

/** Nobody has received, opened and followed a mail sooner than this after the server took it. */
const SOONEST_MS = 5_000;
/** How far what a scanner did once speaks of what else came from the same caller. */
const SAME_CALLER_MS = 60_000;

const human: Verdict = { by: 'human' };

/**
 * Who followed the links and loaded the picture of one mail, by hit id. Every hit of the mail is given, judged before or not: some tell of others.
 * Their order does not matter, and a hit that a machine is behind never makes a person of another.
 */
export function judgeHits(hits: readonly Hit[]): Map<string, Verdict> {
  const clicks = hits.filter(({ kind }) => kind === 'click');
  const swept = sweeps(clicks);
  const walked = sequences(clicks);
  const sure = clicks.flatMap((hit) => (givesAway(hit) ? [{ userAgent: hit.userAgent, atMs: hit.atMs }] : []));

  const machine = (hit: Hit): MachineReason | null => {
    const own = ofItself(hit);
    if (own) return own;
    // Their own page view says more than any pattern.
    if (hit.signs.includes('visited')) return null;
    if (hit.sinceAcceptedMs !== null && hit.sinceAcceptedMs < SOONEST_MS) return 'too_soon';
    if (hit.kind === 'open') return null;
    if (swept.has(hit.id)) return 'sweep';
    if (walked.has(hit.id)) return 'sequence';
    const same = hit.userAgent !== null && sure.some((one) => one.userAgent === hit.userAgent && near(one.atMs, hit.atMs));
    return same ? 'same_caller' : null;
  };
  return new Map(
    hits.map((hit) => {
      const reason = machine(hit);
      return [hit.id, reason ? { by: 'machine', reason } : human];
    }),
  );
}

/** What the hit tells without the others. */
function ofItself({ signs, userAgent, kind }: Hit): MachineReason | null {
  if (signs.includes('trap')) return 'trap';
  if (signs.includes('machine')) return 'provider';
  if (signs.includes('head')) return 'head';
  if (signs.includes('prefetch')) return 'prefetch';
  const caller = callerOf(userAgent, kind);
  return caller === 'browser' || caller === 'unknown' ? null : caller;
}

/** Whether only a scanner does this, so that the same caller's other hits are one's too. A browser that prefetches is still a person's. */
function givesAway(hit: Hit): boolean {
  const reason = ofItself(hit);
  return reason !== null && reason !== 'prefetch' && reason !== 'provider';
}

const near = (one: number, other: number): boolean => Math.abs(one - other) <= SAME_CALLER_MS;
