import { z } from 'zod';
import { duration } from '../calendar/duration.ts';
import { caps } from './caps.ts';

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
});
export type SendingDocument = z.infer<typeof sendingDocument>;
