import { beginOf, endOf } from '../calendar/moment.ts';
import type { Finding } from '../finding.ts';
import type { Campaign } from './document.ts';
import { READABLE } from './holdout.ts';

/** A holdout smaller than this takes long to say anything. */
const SMALL = 5;
/** People entering whom a marketer may picture. */
const PICTURED = 1_000;

/** What is wrong, or cannot have been meant, in the rules around a campaign's steps. */
export function ruleFindings(campaign: Campaign, { hasTopic }: { hasTopic(key: string): boolean }): Finding[] {
  return [...capFindings(campaign, hasTopic), ...holdoutFindings(campaign), ...termFindings(campaign), ...classFindings(campaign)];
}

function capFindings({ sending, topic }: Campaign, hasTopic: (key: string) => boolean): Finding[] {
  return (sending?.cap ?? []).flatMap((cap, i): Finding[] => {
    if (cap.topic === undefined || cap.topic === topic) return [];
    const path = `sending.cap.${i}.topic`;
    return hasTopic(cap.topic)
      ? [
          {
            level: 'warning',
            path,
            reason: `this campaign's mail is about ${topic ?? 'nothing'}, so the cap never holds it`,
            mend: 'name its own topic, or leave topic out',
          },
        ]
      : [
          {
            level: 'error',
            path,
            reason: `there is no consent topic '${cap.topic}'`,
            mend: 'add it to topics.yaml, or name one that is there',
          },
        ];
  });
}

function holdoutFindings({ holdout, goal }: Campaign): Finding[] {
  if (holdout === undefined) return [];
  const path = 'holdout';
  if (!goal)
    return [
      {
        level: 'error',
        path,
        reason: 'who is held out is compared on the goal, and this campaign has none',
        mend: 'give it a goal, or leave holdout out',
      },
    ];
  const percent = Number.parseFloat(holdout);
  if (percent >= SMALL) return [];
  return [
    {
      level: 'warning',
      path,
      reason: `of ${PICTURED.toLocaleString('en')} who enter only ${Math.round((PICTURED * percent) / 100)} are held out; fewer than ${READABLE} are too few to read`,
      mend: 'hold out 10%, unless very many enter',
    },
  ];
}

function termFindings({ start, end, onEnd }: Campaign): Finding[] {
  const findings: Finding[] = [];
  if (start !== undefined && end !== undefined && endOf(end, 'UTC') <= beginOf(start, 'UTC'))
    findings.push({ level: 'error', path: 'end', reason: 'is not after start', mend: 'swap the two, or correct one' });
  if (onEnd !== undefined && end === undefined)
    findings.push({ level: 'warning', path: 'onEnd', reason: 'there is no end for it', mend: 'say end: 2026-12-31, or leave it out' });
  return findings;
}

function classFindings({ class: kind, sending, account, sequence }: Campaign): Finding[] {
  if (kind !== 'transactional' || sequence) return [];
  const idle = [
    ...(['window', 'cap', 'rate'] as const).filter((name) => sending?.[name] !== undefined).map((name) => `sending.${name}`),
    ...(account ? ['account'] : []),
  ];
  return idle.map((path) => ({
    level: 'warning',
    path,
    reason: 'transactional mail does not keep to it',
    mend: 'leave it out, or say class: marketing',
  }));
}
