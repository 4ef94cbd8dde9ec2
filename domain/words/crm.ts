import type { Decided } from './decided.ts';
import { value } from './value.ts';

const from = ({ origin }: Record<string, unknown>): string => (typeof origin === 'string' ? ` by ${origin}` : '');

/** What other systems have told of what they know too. */
export const crmWords = {
  lead_told: ({ because }) => `changed${from(because)}: ${value(because['fields'])}`,
  account_told: ({ because }) => `the company was changed${from(because)}: ${value(because['fields'])}`,
  record_created: ({ because }) => `${value(because['record'])} ${value(because['number'])}${from(because)}: ${value(because['status'])}`,
  record_updated: ({ because }) =>
    `${value(because['record'])} ${value(because['number'])} changed${from(because)}: ${value(because['status'])}`,
} satisfies Record<string, (decided: Decided) => string>;
