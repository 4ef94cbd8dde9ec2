import type { StepIssue } from '../../domain/campaign/step.ts';
import { nearest } from '../../domain/workspace/nearest.ts';
import type { KnownAttributes } from './lint.ts';
import { readVariables, type VariableUse } from './variables.ts';

const ROOTS = ['lead', 'account', 'rep', 'sender', 'workspace', 'params'];
/** Whoever is written to has them, and so has whoever writes. */
const ALWAYS = new Set(
  'lead.id lead.email lead.stage lead.created_at rep.name rep.email sender.name sender.address workspace.name workspace.timezone'.split(
    ' ',
  ),
);

/** What is wrong with a letter of a sequence: what does not parse, what nobody knows, and names that may have no value. */
export function letterFaults({ subject = '', text }: { subject?: string | undefined; text: string }, known?: KnownAttributes): StepIssue[] {
  return Object.entries({ subject, text }).flatMap(([file, source]) => {
    const { uses, findings } = readVariables([{ file, line: 1, text: source }]);
    const at = (line: number | null): string => (file === 'text' && line !== null ? `text, line ${line}` : file);
    return [
      // A letter is no HTML: nothing in it needs to be escaped.
      ...findings.flatMap(({ rule, line, reason, mend }) => (rule === 'escaping' ? [] : [{ reason: `${at(line)}: ${reason}`, mend }])),
      ...uses.flatMap((use) => {
        const fault = variableFault(use, known);
        return fault ? [{ ...fault, reason: `${at(use.line)}: ${fault.reason}` }] : [];
      }),
    ];
  });
}

function variableFault({ path, needed }: VariableUse, known: KnownAttributes | undefined): StepIssue | null {
  const [root, name] = path.split('.') as [string, string?];
  if (path.split('.').some((part) => part in Object.prototype))
    return { reason: `there is no variable '${path}'`, mend: 'name an attribute' };
  if (!ROOTS.includes(root)) {
    const near = nearest(root, ROOTS);
    const mend = near ? `did you mean '${near}${path.slice(root.length)}'?` : `it begins with one of ${ROOTS.join(', ')}`;
    return { reason: `there is no variable '${path}'`, mend };
  }
  if ((root === 'lead' || root === 'account') && name !== undefined && known && !ALWAYS.has(path)) {
    const [unknown] = known.attribute(root, name);
    if (unknown && name !== 'language') return unknown;
  }
  if (!needed || ALWAYS.has(path)) return null;
  return { reason: `'${path}' may be missing`, mend: `write {{default ${path} '…'}}, or {{#if ${path}}}…{{/if}} around it` };
}
