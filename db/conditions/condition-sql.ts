import type { Condition, Leaf, Since } from '../../domain/conditions/condition.ts';
import { mailEvent } from '../../domain/conditions/condition.ts';
import type { Test } from '../../domain/conditions/test.ts';
import { accountColumns, leadColumns } from '../fact-columns.ts';
import { sinceWhen, type Surroundings } from '../surroundings.ts';
import type { Params } from './params.ts';
import { testSql } from './test-sql.ts';

/** What a predicate is put together with. */
export interface SqlContext {
  params: Params;
  around: Surroundings;
  /** What stands for the start of an enrolment and of its step, where the statement knows one; a segment knows none. */
  starts?: { entry: string; step: string; entryEvent: string };
}

/**
 * The tables that a predicate of `conditionSql` speaks of: the lead `l`, its account `a`, its score `s`. What the predicate leaves out
 * Postgres leaves out too.
 */
export const conditionFrom = fromLead('lead', '');

function fromLead(table: string, n: number | ''): string {
  return `${table} l${n} left join account a${n} on a${n}.id = l${n}.account_id left join lead_score s${n} on s${n}.lead_id = l${n}.id`;
}

/**
 * A condition as one SQL predicate over `conditionFrom`, true or false and never null: equal to `evaluate` over the same lead's facts, which a
 * property test holds. What is counted is counted by the index on the lead's events, no further than the test needs. Throws where a
 * condition speaks of an enrolment and there is none.
 */
export function conditionSql(tree: Condition, context: SqlContext, n: number | '' = ''): string {
  if ('leaf' in tree) return leafSql(tree.leaf, context, n);
  if ('not' in tree) return `not ${conditionSql(tree.not, context, n)}`;
  if ('segment' in tree) return conditionSql(tree.is, context, n);
  const [parts, word] = 'all' in tree ? [tree.all, ' and '] : [tree.any, ' or '];
  return `(${parts.map((part) => conditionSql(part, context, n)).join(word)})`;
}

function leafSql(leaf: Leaf, context: SqlContext, n: number | ''): string {
  const { params } = context;
  const test = (value: string, wanted: Test): string => testSql(value, wanted, params, context.around);
  switch (leaf.kind) {
    case 'attribute':
      return test(
        leaf.of === 'lead' ? attribute(`l${n}`, leadColumns, leaf.name, params) : attribute(`a${n}`, accountColumns, leaf.name, params),
        leaf.test,
      );
    case 'stage':
      return test(`to_jsonb(l${n}.stage)`, leaf.test);
    case 'fit':
    case 'engagement':
    case 'level':
      return test(`to_jsonb(s${n}.${leaf.kind})`, leaf.test);
    case 'score':
      return test(`to_jsonb(s${n}.fit || '-' || s${n}.level)`, leaf.test);
    case 'tag':
      return `${params.add(leaf.tag, 'text')} = any(l${n}.tags)`;
    case 'consent':
      return `coalesce((select c.granted from consent c where c.lead_id = l${n}.id and c.topic = ${params.add(leaf.topic, 'text')} order by c.id desc limit 1) = ${leaf.granted}, false)`;
    case 'campaign': {
      const state = leaf.state === 'any' ? '' : ` and e.state = ${params.add(leaf.state, 'text')}`;
      return `exists (select from enrolment e join campaign c on c.id = e.campaign_id where e.lead_id = l${n}.id and c.key = ${params.add(leaf.key, 'text')}${state})`;
    }
    case 'event':
      return counted(leaf.count, happened(leaf, context, n), test);
    case 'mail':
      return atLeast(1, happened(leaf, context, n));
    case 'anyone': {
      const inner = (n === '' ? 0 : n) + 1;
      return `exists (select from ${fromLead('lead', inner)} where (l${inner}.id = l${n}.id or l${inner}.account_id = l${n}.account_id) and ${conditionSql(leaf.is, context, inner)})`;
    }
  }
}

/** An attribute as jsonb: the column of its name comes first where it is filled. */
function attribute(table: string, columns: readonly string[], name: string, params: Params): string {
  const kept = `${table}.attributes -> ${params.add(name, 'text')}`;
  return columns.includes(name) ? `coalesce(to_jsonb(${table}.${name}), ${kept})` : `(${kept})`;
}

/**
 * How often is often enough: counting stops where more would change nothing. Always a subquery of its own, which Postgres answers by the index
 * on the lead's events and never turns into a scan of all events.
 */
function counted(often: Test, events: string, test: (value: string, wanted: Test) => string): string {
  const [only, ...more] = Object.entries(often).filter(([, bound]) => bound !== undefined);
  if (only && more.length === 0 && typeof only[1] === 'number') {
    const [op, n] = only;
    if (op === 'gte') return atLeast(Math.ceil(n), events);
    if (op === 'gt') return atLeast(Math.floor(n) + 1, events);
    if (op === 'lt') return `not ${atLeast(Math.ceil(n), events)}`;
    if (op === 'lte') return `not ${atLeast(Math.floor(n) + 1, events)}`;
    if (op === 'eq') return `(select count(*) from (${events} limit ${Math.max(0, Math.floor(n)) + 1}) counted) = ${n}`;
  }
  return test(`(select to_jsonb(count(*)) from (${events}) counted)`, often);
}

const atLeast = (n: number, events: string): string =>
  n <= 0 ? 'true' : `((select true from (${events} offset ${n - 1} limit 1) found) is true)`;

/** The events that a leaf counts, one row each. */
function happened(leaf: Extract<Leaf, { kind: 'event' | 'mail' }>, context: SqlContext, n: number | ''): string {
  const { params, around } = context;
  const name = params.add(leaf.kind === 'event' ? leaf.event : mailEvent(leaf.what), 'text');
  const parts = [`e.name = ${name}`, ...sinceSql(leaf.since, context)];
  if (leaf.kind === 'event') {
    if (leaf.since === 'entry' && context.starts) parts.push(`e.id is distinct from ${context.starts.entryEvent}`);
    for (const [property, wanted] of Object.entries(leaf.where))
      parts.push(testSql(`(e.properties -> ${params.add(property, 'text')})`, wanted, params, around));
  } else {
    if (leaf.of === 'enrolment') throw new Error(`'${leaf.what}: ${leaf.step}' speaks of an enrolment, and there is none here`);
    if (leaf.step !== 'any') parts.push(`e.properties ->> 'step' = ${params.add(leaf.step, 'text')}`);
    if (leaf.link !== null) parts.push(`e.properties ->> 'link' = ${params.add(leaf.link, 'text')}`);
  }
  const from =
    leaf.by === 'account'
      ? `lead m join event e on e.lead_id = m.id where (m.id = l${n}.id or m.account_id = l${n}.account_id) and`
      : `event e where e.lead_id = l${n}.id and`;
  return `select from ${from} ${parts.join(' and ')}`;
}

function sinceSql(since: Since, { params, around, starts }: SqlContext): string[] {
  if (since === 'ever') return [];
  if (since !== 'entry' && since !== 'step') return [`e.at >= ${params.add(sinceWhen(since, around), 'timestamptz')}`];
  if (!starts) throw new Error(`'since: ${since}' speaks of an enrolment, and there is none here`);
  return [`e.at >= ${since === 'entry' ? starts.entry : starts.step}`];
}
