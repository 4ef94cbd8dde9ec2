import type { Vocabulary } from '../workspace/vocabulary.ts';
import type { CampaignFacts, StepIssue } from './step.ts';

/** What placeholders may name. */
export type Fillable = Pick<CampaignFacts, 'lead' | 'account' | 'stage' | 'fit' | 'engagement'> & { entry: Record<string, unknown> };

const placeholder = /\{\{\s*(lead|account|entry)\.([\w.-]+)\s*\}\}/g;
const whole = /^\{\{\s*(lead|account|entry)\.([\w.-]+)\s*\}\}$/;

/**
 * Fills `{{lead.first_name}}`, `{{account.name}}`, `{{entry.form}}` (a property of what brought the lead in) in a text. What is not known
 * leaves nothing; spaces that are left over are taken out.
 */
export function fill(text: string, facts: Fillable): string {
  return text
    .replaceAll(placeholder, (_, of: string, name: string) => {
      const found = look(of, name, facts);
      return typeof found === 'string' ? found : found === undefined || found === null ? '' : JSON.stringify(found);
    })
    .replaceAll(/ {2,}/g, ' ')
    .trim();
}

/** The same through a JSON value. A string that is one placeholder and nothing else becomes the value itself, null where it is not known. */
export function fillJson(value: unknown, facts: Fillable): unknown {
  if (typeof value === 'string') {
    const [, of, name] = whole.exec(value) ?? [];
    return of === undefined || name === undefined ? fill(value, facts) : (look(of, name, facts) ?? null);
  }
  if (Array.isArray(value)) return value.map((one) => fillJson(one, facts));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fillJson(one, facts)]));
  return value;
}

/** What in these texts will never be filled in: placeholders of nothing we know, and attributes nobody has declared. */
export function fillIssues(value: unknown, vocabulary: Vocabulary | undefined): StepIssue[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap((one) => fillIssues(one, vocabulary));
  if (typeof value !== 'string') return [];
  return [...value.matchAll(/\{\{[^{}]*\}\}/g)].flatMap(([written]) => {
    const [, of, name] = whole.exec(written) ?? [];
    if (of === undefined || name === undefined)
      return [{ reason: `${written} is not something to fill in`, mend: 'write {{lead.…}}, {{account.…}} or {{entry.…}}' }];
    return of === 'entry' || STANDING.has(name) ? [] : (vocabulary?.attribute(of as 'lead' | 'account', name) ?? []);
  });
}

/** What a lead has besides attributes. */
const STANDING = new Set(['stage', 'fit', 'engagement']);

function look(of: string, name: string, { lead, account, entry, stage, fit, engagement }: Fillable): unknown {
  if (of === 'lead') return own(lead, name) ?? own({ stage, fit, engagement }, name);
  return own(of === 'account' ? (account ?? {}) : entry, name);
}

const own = (of: Record<string, unknown>, name: string): unknown => (Object.hasOwn(of, name) ? of[name] : undefined);
