import type { Decided } from './decided.ts';
import { value } from './value.ts';

interface Change {
  was: unknown;
  is: unknown;
}

const changed = (given: unknown): given is Change =>
  typeof given === 'object' && given !== null && (given as Change).was !== (given as Change).is;

function scored({ because }: Decided): string {
  const said = ['fit', 'level', 'qualified'].flatMap((name) => {
    const change = because[name];
    if (!changed(change)) return [];
    if (name === 'qualified')
      return [change.is === true ? 'now meets the qualification standard' : 'no longer meets the qualification standard'];
    return [change.was === null ? `${name} ${value(change.is)}` : `${name} ${value(change.was)} → ${value(change.is)}`];
  });
  return `scored: ${said.length > 0 ? said.join(', ') : 'as before'}`;
}

const sources: Record<string, string> = {
  standard: 'meets the qualification standard',
  handoff: 'a campaign hands over here',
  form: 'asked for sales by a form',
};

function handedOver({ because }: Decided): string {
  const rule = String(because['rule'] ?? '');
  const words = sources[rule] ?? rule.replaceAll('_', ' ');
  const score = because['fit'] === undefined ? '' : ` (fit ${value(because['fit'])}, engagement ${value(because['engagement'])})`;
  return `${words || 'no rule noted'}${score}`;
}

/** What scoring and sales write in the journal. */
export const salesWords: Record<string, (decided: Decided) => string> = {
  scored,
  stage_changed: ({ because: { from, to, by } }) => `stage ${value(from)} → ${value(to)}: ${value(by)}`,
  handed_off: (decided) => `handed to sales: ${handedOver(decided)}`,
  joined: (decided) => `joined an open opportunity: ${handedOver(decided)}`,
};
