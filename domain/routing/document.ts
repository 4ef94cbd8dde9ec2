import { z } from 'zod';
import { pause } from '../calendar/duration.ts';
import { condition } from '../conditions/condition.ts';
import { test } from '../conditions/test.ts';
import { countryCode } from '../identity/country.ts';
import { meantIssues, plainFault } from '../plain-faults.ts';
import { isPostcodeRange } from './postcode.ts';

const oneOrMore = <T extends z.ZodType>(of: T) =>
  z.preprocess((given) => (Array.isArray(given) ? given : [given]), z.array(of).min(1).max(5_000));
const words = z.string().min(1).max(200);

/** Shorthands for what territories are made of; each holds of any of the values it lists. Whatever else stands in a `when` is a condition. */
export const territory = z.strictObject({
  /** Named accounts, by their domains. */
  accounts: oneOrMore(
    words.transform((domain) =>
      domain
        .trim()
        .toLowerCase()
        .replace(/^www\./, ''),
    ),
  ).optional(),
  country: oneOrMore(
    words.transform((given, ctx) => {
      const code = countryCode(given);
      if (code === null) ctx.addIssue({ code: 'custom', message: `'${given}' is no country: write its code, such as DE` });
      return code ?? given;
    }),
  ).optional(),
  region: oneOrMore(words).optional(),
  postcode: oneOrMore(
    z
      .string("a postcode stands in quotes: '01067', else its zeros are lost")
      .refine(isPostcodeRange, "is no postcode: write a beginning ('80', 'SW1') or a range of equally long ones ('80-86', '80000-86999')"),
  ).optional(),
  industry: oneOrMore(words).optional(),
  /** People who work there. */
  employees: z.union([z.number(), test]).optional(),
  /** What the handoff is about. */
  productLine: oneOrMore(z.string().max(100)).optional(),
  source: oneOrMore(z.enum(['form', 'campaign', 'score', 'api'])).optional(),
  /** The pool that a form, campaign or call asked for. */
  pool: oneOrMore(words).optional(),
});
export type Territory = z.infer<typeof territory>;
const territoryKeys = Object.keys(territory.shape) as (keyof Territory)[];

const isShorthand = (key: string): boolean => Object.hasOwn(territory.shape, key);

/** The two parts of a `when`: the territory's shorthands, and the condition that the rest is. */
export function partsOfWhen(given: Readonly<Record<string, unknown>>): { short: Record<string, unknown>; rest: Record<string, unknown> } {
  const [short, rest]: [string, unknown][][] = [[], []];
  for (const entry of Object.entries(given)) (isShorthand(entry[0]) ? short : rest)!.push(entry);
  return { short: Object.fromEntries(short!), rest: Object.fromEntries(rest!) };
}

const when = z.record(z.string(), z.unknown()).superRefine((given, ctx) => {
  const { short, rest } = partsOfWhen(given);
  const empty = Object.keys(given).length === 0;
  if (empty) ctx.addIssue({ code: 'custom', message: 'says nothing: leave `when` out for a rule that holds of everybody' });
  for (const [schema, part] of [[territory, short] as const, ...(Object.keys(rest).length > 0 ? [[condition, rest] as const] : [])])
    for (const { path, message } of schema.safeParse(part, { error: plainFault }).error?.issues.flatMap(meantIssues) ?? [])
      ctx.addIssue({
        code: 'custom',
        path: path.length === 2 && path[1] === 0 && !Array.isArray(given[String(path[0])]) ? path.slice(0, 1) : [...path],
        message: message.replace('can look at: use', `can look at: use ${territoryKeys.join(', ')},`),
      });
});

const to = z
  .strictObject({
    /** Who has the account, or another open opportunity of it. The rule holds only where there is somebody. */
    owner: z.enum(['account', 'opportunity']).optional(),
    /** Key of a rep. */
    rep: words.optional(),
    /** Key of a pool; beside `owner` or `rep`, the queue it stands in while they are away. */
    pool: words.optional(),
    /** Only for reps of the pool who have all of these. */
    skills: z.array(words).min(1).max(20).optional(),
    /** Only for reps who speak it; `lead`: the lead's own, where it is known. */
    language: z
      .string()
      .regex(/^(lead|[a-z]{2,3})$/, "is no language: write its code, such as de, or 'lead'")
      .optional(),
  })
  .superRefine((given, ctx) => {
    if (given.owner && given.rep) ctx.addIssue({ code: 'custom', message: 'names an owner and a rep: one of them can have it' });
    if (!given.owner && !given.rep && !given.pool) ctx.addIssue({ code: 'custom', message: 'names nobody: write owner, rep or pool' });
    if ((given.skills || given.language) && !given.pool)
      ctx.addIssue({ code: 'custom', message: 'skills and language choose among the reps of a pool: name it' });
  });

/** Names the built-in decisions have, which no rule may take. */
export const ownRules = { asked: 'asked', catchAll: 'catch-all' } as const;

const rule = z
  .strictObject({
    key: z
      .string()
      .regex(/^[a-z0-9][a-z0-9_.-]{0,99}$/, 'is not a key such as nordics')
      .refine((key) => key !== ownRules.asked && key !== ownRules.catchAll, 'is the name of a built-in rule'),
    name: words.optional(),
    when: z.union([when, z.array(when).min(1).max(100)]).optional(),
    to: to.optional(),
    /** The green channel: before everybody else, and the managers hear of it at once. A rule with nothing else marks only, wherever it stands. */
    vip: z.boolean().optional(),
    /** How long it may wait for somebody of the pool to be in. */
    hold: pause.optional(),
  })
  .superRefine((given, ctx) => {
    if (!given.to && !given.vip) ctx.addIssue({ code: 'custom', path: ['to'], message: 'says neither who gets it nor that it is vip' });
    if (!given.to && given.hold) ctx.addIssue({ code: 'custom', path: ['hold'], message: 'belongs to a rule that says who gets it' });
  });

/** The document `routing`: who gets a lead that is handed to sales. The first rule that holds decides; behind the last stands the standard's pool. */
export const routingSchema = z.strictObject({ rules: z.array(rule).max(1_000) });
export type RoutingDocument = z.infer<typeof routingSchema>;
export type RoutingRule = RoutingDocument['rules'][number];

/** What holds where a workspace has no such document: who has the account or another opportunity of it, else the pool that was asked for. */
export const usualRouting: RoutingDocument = {
  rules: [
    { key: 'account-owner', name: 'Whoever has the account', to: { owner: 'account' } },
    { key: 'open-opportunity', name: 'Whoever has an open opportunity of the account', to: { owner: 'opportunity' } },
  ],
};
