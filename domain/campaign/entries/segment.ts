import { z } from 'zod';
import { condition } from '../../conditions/condition.ts';
import { companyKeys, companyLint } from '../company.ts';
import { pace } from '../pace.ts';
import { defineEntry } from './kind.ts';

/**
 * `entry: { segment: silent-180d, atLaunch: include, rate: 500/h }`: whoever comes into the segment; with `atLaunch: include` those
 * who are in it when the campaign is launched too, no faster than `rate`.
 */
export const segmentEntry = defineEntry({
  kind: 'segment',
  schema: z.strictObject({
    segment: z.string().min(1).describe('the key of the segment'),
    atLaunch: z
      .enum(['include', 'exclude'])
      .default('exclude')
      .describe('what becomes of those who are in it when the campaign is first launched'),
    rate: pace.optional().describe('how many at most are taken in, evenly spread: 500/h'),
    if: condition.optional().describe('what must hold of the lead besides, when its turn comes'),
    ...companyKeys,
  }),
  lint: (entry) => companyLint(entry),
  condition: ({ segment }) => ({ segment }),
  keeps: ({ segment }) => segment,
  words: ({ segment }) => `came into the segment ${segment}`,
  about:
    'Whoever comes into the segment enters. Those who are in it already when the campaign is launched stay outside, unless `atLaunch: include` ' +
    'says so; launching a newer version does not take them in a second time. `rate` spreads the newcomers evenly; whoever has left the segment ' +
    'before their turn comes does not enter. A segment that looks at time (`in: 7d`, `within`) is looked through at least once an hour, any ' +
    'other as soon as something happens. With `of: account` the company is the subject: the first of its people in the segment stands for it, those whom `people` ' +
    'names enter, and the company is in the campaign once.',
  example: '{ segment: silent-180d, atLaunch: include, rate: 500/h }',
});
