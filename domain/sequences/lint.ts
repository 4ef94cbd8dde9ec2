import type { Campaign } from '../campaign/document.ts';
import { DEEPEST, lintParsed, shapeFinding, type Surroundings, tooDeep } from '../campaign/lint.ts';
import { stepsIn } from '../campaign/walk.ts';
import { isDeeperThan } from '../depth.ts';
import type { Finding } from '../finding.ts';
import { meantIssues, plainFault } from '../plain-faults.ts';
import { asCampaign, type Sequence, sequence } from './document.ts';

export interface SequenceLint {
  findings: Finding[];
  /** The parsed document, when there is no error. */
  sequence: Sequence | null;
}

/** What a campaign may say and a sequence may not, and what to do instead. */
const ofCampaigns: Readonly<Record<string, string>> = {
  entry: 'nobody enters a sequence by themselves: start it with POST /v1/sequences/{key}/runs, or tendril sequence start',
  reentry: 'leave it out: whoever starts a run decides that',
  topic: 'leave it out: a letter needs no consent topic, and heeds every unsubscribe',
  from: 'leave it out: its mails are from the rep of each run',
  goal: 'say stopOn: [meeting], or exitWhen',
  holdout: 'leave it out: letters are not compared with silence',
  priority: 'leave it out: while a run is under way marketing waits, unless withCampaigns: true',
  account: 'leave it out: choose whom to start it for',
  exclude: 'say exitWhen: { segment: … }',
  start: 'leave it out: start the runs when it is time',
  end: 'archive it when it is over',
  onEnd: 'archive it when it is over',
};

/** The same of what stands under `sending`. */
const ofSending: Readonly<Record<string, string>> = {
  cap: 'leave it out: a rep’s limit a day holds over all sequences (personal_mails_a_day)',
  rate: 'leave it out: a rep’s limit a day holds over all sequences (personal_mails_a_day)',
};

/** Everything wrong with a sequence document: where, why, and what to do instead. */
export function lintSequence(document: unknown, around: Surroundings): SequenceLint {
  if (isDeeperThan(DEEPEST, document)) return { findings: [tooDeep], sequence: null };
  const parsed = sequence.safeParse(document, { error: plainFault });
  if (!parsed.success) return { findings: parsed.error.issues.flatMap(meantIssues).flatMap(shapeFindings), sequence: null };
  const campaign = asCampaign(parsed.data);
  const { findings } = lintParsed(campaign, around);
  const all = [...findings, ...mailFindings(campaign)];
  return { findings: all, sequence: all.some(({ level }) => level === 'error') ? null : parsed.data };
}

function shapeFindings(issue: Parameters<typeof shapeFinding>[0]): Finding[] {
  const known = issue.path.length === 0 ? ofCampaigns : issue.path.length === 1 && issue.path[0] === 'sending' ? ofSending : null;
  if (issue.code !== 'unrecognized_keys' || !known) return [page(shapeFinding(issue))];
  const strangers = issue.keys.filter((key) => !Object.hasOwn(known, key));
  const at = (key: string): string => [...issue.path, key].join('.');
  return [
    ...issue.keys
      .filter((key) => Object.hasOwn(known, key))
      .map((key): Finding => ({ level: 'error', path: at(key), reason: `'${key}' is for campaigns`, mend: known[key]! })),
    ...(strangers.length > 0
      ? [shapeFinding({ ...issue, keys: strangers, message: plainFault({ ...issue, keys: strangers } as never) as string })]
      : []),
  ];
}

const page = (finding: Finding): Finding => ({ ...finding, mend: finding.mend.replace('docs/campaign-language.md', 'docs/sequences.md') });

/** A thread begins with a subject, and a sequence without a letter is a list of tasks. */
function mailFindings(campaign: Campaign): Finding[] {
  const letters = stepsIn(campaign).flatMap((step) =>
    'mail' in step ? [step as { id: string; mail: { subject?: string; thread: string } }] : [],
  );
  const [first] = letters;
  if (!first)
    return [
      { level: 'warning', path: 'steps', reason: 'it writes to nobody', mend: 'add a step { id: hello, mail: { subject: …, text: … } }' },
    ];
  return letters
    .filter((letter) => letter.mail.subject === undefined && (letter === first || letter.mail.thread === 'new'))
    .map(({ id }) => ({
      level: 'error',
      path: `steps (${id})`,
      reason: `'${id}' begins a thread and has no subject`,
      mend: 'give it one: subject: …',
    }));
}
