import { type Evidence, evidenceWords } from '../conditions/evaluate.ts';
import { asRouted, routedFacts } from '../routing/words.ts';
import { askedWords } from './asked.ts';
import { crmWords } from './crm.ts';
import type { Decided } from './decided.ts';
import { poolFacts } from './pools.ts';
import { ruleWords } from './rules.ts';
import { salesWords } from './sales.ts';
import { sequenceWords } from './sequences.ts';
import { known, value } from './value.ts';

type Tell = (decided: Decided) => string;
type Words = Record<string, Tell>;

export interface Told {
  /** What was decided, and by which rule, in a sentence. */
  words: string;
  /** Each fact the rule looked at, with what it saw. */
  facts: string[];
}

/** Tells a decision from its data alone: nothing is looked up, so it says what was known when it was made. */
export function tell(decided: Decided): Told {
  const { because } = decided;
  const words = (
    known<Tell>(salesWords, decided.kind) ??
    known<Tell>(askedWords, decided.kind) ??
    known<Tell>(sequenceWords, decided.kind) ??
    known<Tell>(crmWords, decided.kind) ??
    known<Tell>(campaignWords, decided.kind) ??
    plainWords
  )(decided);
  return {
    words: words.charAt(0).toUpperCase() + words.slice(1),
    facts: [...evidenceOf(because), ...routingOf(because), ...poolFacts(because)],
  };
}

const quoted = (name: string | null): string => (name === null ? 'the campaign' : `“${name}”`);
const at = ({ stepId }: Decided): string => (stepId === null ? '' : `${stepId}: `);

/** What a campaign's loop writes. */
const campaignWords = {
  entered: ({ campaign, because }) => `entered ${quoted(campaign)}: ${ruleWords(because)}`,
  not_entered: ({ campaign, because }) => `did not enter ${quoted(campaign)}: ${ruleWords(because)}`,
  stepped: (decided) => `${at(decided)}${ruleWords(decided.because)}, and went on`,
  stayed: (decided) => `${at(decided)}${ruleWords(decided.because)}`,
  colleagues: (decided) => `${at(decided)}${ruleWords(decided.because)}`,
  migrated: (decided) => `${at(decided)}${ruleWords(decided.because)}`,
  goal: ({ campaign, because }) => `reached the goal of ${quoted(campaign)}: ${ruleWords(because)}`,
  exited: ({ campaign, because }) => `left ${quoted(campaign)}: ${ruleWords(because)}`,
  completed: ({ campaign }) => `came to the end of ${quoted(campaign)}`,
} satisfies Words;

/** What the journal may be told: a kind without words does not compile. */
export type JournalKind =
  keyof typeof campaignWords | keyof typeof salesWords | keyof typeof askedWords | keyof typeof sequenceWords | keyof typeof crmWords;

/** Every kind there is. */
export const journalKinds = Object.keys({
  ...campaignWords,
  ...salesWords,
  ...askedWords,
  ...sequenceWords,
  ...crmWords,
}) as readonly JournalKind[];

/** A kind nobody has taught us to tell: its name and its details are still true. */
function plainWords({ kind, because }: Decided): string {
  const details = Object.entries(because).filter(([name, detail]) => name !== 'evidence' && detail !== null && typeof detail !== 'object');
  return `${kind.replaceAll('_', ' ')}${details.length > 0 ? ` (${details.map(([name, detail]) => `${name}: ${value(detail)}`).join(', ')})` : ''}`;
}

function evidenceOf({ evidence }: Record<string, unknown>): string[] {
  return Array.isArray(evidence) ? (evidence as unknown[]).filter(isEvidence).map(factWords) : [];
}

function routingOf({ routing }: Record<string, unknown>): string[] {
  const routed = asRouted(routing);
  return routed ? routedFacts(routed) : [];
}

function isEvidence(given: unknown): given is Evidence {
  return (
    typeof given === 'object' &&
    given !== null &&
    typeof (given as Evidence).held === 'boolean' &&
    typeof (given as Evidence).leaf?.kind === 'string'
  );
}

/** The journal outlives the shapes of its evidence: one that can no longer be read is shown as it is. */
function factWords(evidence: Evidence): string {
  try {
    return evidenceWords(evidence);
  } catch {
    return value(evidence);
  }
}
