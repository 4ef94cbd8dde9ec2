import { TendrilError } from './errors.ts';

/** Something wrong with a document: where, why, and what to do instead. */
export interface Finding {
  level: 'error' | 'warning';
  /** Where in the document, dotted: `steps.2.branch.0.when`. */
  path: string;
  reason: string;
  mend: string;
}

/** A document with an error is not taken: throws `invalid` with every one. `what` it is: campaign. */
export function refuseErrors(what: string, findings: readonly Finding[]): void {
  const errors = findings.filter(({ level }) => level === 'error');
  if (errors.length > 0)
    throw new TendrilError('invalid', `The ${what} has ${errors.length === 1 ? 'an error' : `${errors.length} errors`}`, errors);
}
