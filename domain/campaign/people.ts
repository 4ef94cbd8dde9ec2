import { z } from 'zod';

/** Who of a company: `people: { roles: [decider, influencer], max: 2 }`. */
export const people = z.strictObject({
  roles: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('buying roles (`buying_role` of the lead), the most wanted first; left out: anybody'),
  max: z.number().int().min(1).max(1_000).optional().describe('how many at most; left out: everybody of those roles'),
  ifNone: z
    .enum(['skip', 'task'])
    .default('skip')
    .describe('when nobody is known: leave the company out, or have a salesperson find somebody (with `of: account`)'),
});
export type People = z.infer<typeof people>;

/** Somebody of a company, as far as choosing needs to know. */
export interface Colleague {
  leadId: string;
  buyingRole: string | null;
  engagement: number | null;
  /** Since when we know them. */
  createdAt: Date;
}

/**
 * Those of a company's people who are meant: of the roles asked for in their order, within a role the most engaged first, then those known longest.
 * Always the same from the same facts.
 */
export function choosePeople<One extends Colleague>(of: readonly One[], { roles, max }: Pick<People, 'roles' | 'max'>): One[] {
  const wanted = roles?.map((role) => role.toLowerCase());
  const rank = ({ buyingRole }: One): number => (wanted ? wanted.indexOf((buyingRole ?? '').toLowerCase()) : 0);
  return of
    .filter((one) => rank(one) >= 0)
    .toSorted(
      (a, b) =>
        rank(a) - rank(b) ||
        (b.engagement ?? -1) - (a.engagement ?? -1) ||
        a.createdAt.getTime() - b.createdAt.getTime() ||
        (a.leadId < b.leadId ? -1 : 1),
    )
    .slice(0, max);
}
