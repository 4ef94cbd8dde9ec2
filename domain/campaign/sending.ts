import { z } from 'zod';
import { duration } from '../calendar/duration.ts';
import { caps } from './caps.ts';
import { tracking } from './tracking.ts';

/** The workspace's `sending` document: what holds for all marketing mail together. */
export const sendingDocument = z.strictObject({
  caps: caps.optional().describe('how often somebody is mailed at most, by all campaigns together'),
  complaint: z
    .union([duration, z.literal('ignore')])
    .default('30d')
    .describe('how long a spam complaint of one person pauses the marketing to the whole company'),
  openCase: z
    .enum(['pause', 'ignore'])
    .default('pause')
    .describe('whether an open service case (a record of kind `case` with status `open`) pauses the marketing to the company'),
  tracking: tracking
    .default('on')
    .describe(
      'what is known of how mail is received: clicks and opens (`on`), `clicks` without the picture that tells of opens, or nothing (`off`: links are then the author’s own)',
    ),
});
export type SendingDocument = z.infer<typeof sendingDocument>;
