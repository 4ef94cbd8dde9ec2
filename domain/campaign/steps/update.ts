import { z } from 'zod';
import { type Move, moveTo, type Stage, stageAfter, stages } from '../../lifecycle.ts';
import { value } from '../../words/value.ts';
import { type Effect, defineStep, NEXT, type StepIssue } from '../step.ts';
import { stepId } from './step-id.ts';

const plain = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.union([z.string(), z.number()]))]);
const tags = z.union([z.string().min(1), z.array(z.string().min(1))]);
const tagChange = z.union([tags, z.strictObject({ add: tags.optional(), remove: tags.optional() })]);

const changes = z
  .object({
    tag: tagChange.optional().describe('a tag, a list of them, or `{ add, remove }`'),
    stage: z.enum(stages).optional().describe('a stage of the lifecycle, from the stages that may lead there only'),
  })
  .catchall(plain)
  .superRefine((given, ctx) => {
    if (Object.keys(given).length === 0) ctx.addIssue({ code: 'custom', message: 'an update says what to change: this one is empty' });
    for (const key of Object.keys(given)) {
      if (key === 'tag' || key === 'stage' || /^(lead|account)\.[\w-]+$/.test(key)) continue;
      ctx.addIssue({
        code: 'custom',
        path: [key],
        message: `'${key}' cannot be changed here: use lead.<attribute>, account.<attribute>, tag or stage`,
      });
    }
    if (given.stage && !moveTo(given.stage))
      ctx.addIssue({ code: 'custom', path: ['stage'], message: `nothing leads to the stage '${given.stage}'` });
  });
const schema = z.strictObject({ id: stepId, update: changes });
type Update = z.infer<typeof schema>;

/** The tags that are added and removed. */
function tagsOf({ tag }: Update['update']): { add: string[]; remove: string[] } {
  const list = (given: string | string[] | undefined): string[] => (given === undefined ? [] : typeof given === 'string' ? [given] : given);
  return typeof tag === 'object' && !Array.isArray(tag) ? { add: list(tag.add), remove: list(tag.remove) } : { add: list(tag), remove: [] };
}

/** How people are recognised, and what other rules keep: not for a campaign to write over. */
const KEPT: Record<'lead' | 'account', readonly string[]> = {
  lead: ['id', 'email', 'phone', 'stage', 'tags', 'created_at'],
  account: ['id', 'domain', 'owner'],
};

/**
 * `{ id: u, update: { lead.interest: pumps, account.tier: 2, tag: vip, stage: mql } }`: write what is known of the lead and its company. `null` takes an
 * attribute away; `$entry.x` is a property of what brought the lead in, and changes nothing where there is none. What changes wakes everything that looks at it.
 */
export const update = defineStep({
  kind: 'update',
  schema: () => schema,
  lint({ update: given }, { vocabulary }) {
    const issues: StepIssue[] = Object.keys(given).flatMap((key) => {
      const [of, name] = key.split('.') as ['lead' | 'account', string | undefined];
      return name && !KEPT[of].includes(name) ? (vocabulary?.attribute(of, name) ?? []) : [];
    });
    for (const whose of ['lead', 'account'] as const) {
      for (const name of KEPT[whose]) {
        if (`${whose}.${name}` in given)
          issues.push({
            reason: `${whose}.${name} is not for a campaign to change`,
            mend: name === 'stage' ? 'write stage: …' : name === 'tags' ? 'write tag: …' : 'leave it out',
          });
      }
    }
    const { add, remove } = tagsOf(given);
    const twice = add.filter((tag) => remove.includes(tag));
    if (twice.length > 0) issues.push({ reason: `'${twice[0]}' is both added and removed`, mend: 'say one of them' });
    return issues;
  },
  decide({ step, enrolment, facts }) {
    const effect = changesOf(step, enrolment.entry);
    const { move } = effect;
    const stage = move ? { stage: stageAfter(facts.stage as Stage, move), wanted: step.update.stage } : {};
    const set = Object.fromEntries([...named('lead', effect.lead), ...named('account', effect.account)]);
    const { add, remove } = tagsOf(step.update);
    return { go: NEXT, effects: [effect], because: { rule: 'update', set, tags: add, untags: remove, ...stage } };
  },
  words: ({ update: given }) => `set ${Object.keys(given).join(', ')}`,
  why: {
    update: ({ set, tags: added, untags, stage, wanted }) =>
      [
        ...Object.entries((set ?? {}) as Record<string, unknown>).map(([name, to]) =>
          to === null ? `${name} taken away` : `${name} set to ${value(to)}`,
        ),
        ...((added ?? []) as string[]).map((tag) => `tagged ${tag}`),
        ...((untags ?? []) as string[]).map((tag) => `tag ${tag} removed`),
        ...(wanted === undefined
          ? []
          : [stage === wanted ? `stage ${value(stage)}` : `stage stays ${value(stage)}: from there nothing leads to ${value(wanted)}`]),
      ].join(', ') || 'there was nothing to change',
  },
  about: `Writes attributes of the lead (\`lead.x\`) and of its company (\`account.x\`), adds and removes tags, moves the stage. \`null\` takes an attribute away; \`$entry.x\` copies a property of what brought the lead in. Addresses and numbers, by which people are recognised, are not for a campaign to change. A stage is reached only from the stages that may lead to it: a customer never becomes a lead again. Who has no company has none of its attributes changed.`,
  example: `- id: note
  update: { lead.interest: pumps, account.tier: 2, tag: { add: [warm], remove: [cold] }, stage: mql }`,
});

const named = (of: string, set: Record<string, unknown>): [string, unknown][] =>
  Object.entries(set).map(([name, to]) => [`${of}.${name}`, to]);

function changesOf({ update: given }: Update, entry: Record<string, unknown>): Extract<Effect, { kind: 'update' }> {
  const { tag: _, stage, ...attributes } = given;
  const of = (prefix: string): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(attributes)
        .filter(([key]) => key.startsWith(prefix))
        .map(([key, to]): [string, unknown] => [key.slice(prefix.length), fromEntry(to, entry)])
        .filter(([, to]) => to !== undefined),
    );
  const { add, remove } = tagsOf(given);
  return {
    kind: 'update',
    lead: of('lead.'),
    account: of('account.'),
    addTags: add,
    removeTags: remove,
    move: stage ? (moveTo(stage) as Move) : null,
  };
}

const fromEntry = (to: unknown, entry: Record<string, unknown>): unknown =>
  typeof to === 'string' && to.startsWith('$entry.') ? entry[to.slice('$entry.'.length)] : to;
