import { fileURLToPath } from 'node:url';
import { loadTemplates, type Templates } from '../messaging/templates.ts';

/** The emails that ship with Tendril, beside the source and beside what is built from it; those of other folders take the place of theirs. */
export const shippedTemplates = (...others: string[]): Promise<Templates> =>
  loadTemplates([fileURLToPath(new URL('../templates', import.meta.url)), ...others]);
