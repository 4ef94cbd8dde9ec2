import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import { storedTemplates, templateStamp } from '../db/templates.ts';
import { createLiveTemplates } from '../messaging/live-templates.ts';
import { loadTemplates, type Templates } from '../messaging/templates.ts';

/** The emails that ship with Tendril, beside the source and beside what is built from it; those of other folders take the place of theirs. */
export const shippedTemplates = (...others: string[]): Promise<Templates> =>
  loadTemplates([fileURLToPath(new URL('../templates', import.meta.url)), ...others]);

/** Those, with what is stored in the workspace in their place. */
export const workspaceTemplates = (shipped: Templates, log: Logger): Templates =>
  createLiveTemplates({ shipped, stamp: templateStamp, load: storedTemplates, log });
