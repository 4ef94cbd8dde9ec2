import { type RoutingDocument, routingSchema, usualRouting } from '../../domain/routing/document.ts';
import type { Staff } from '../../domain/routing/route.ts';
import { type Rules, rulesOf } from '../../domain/routing/rules.ts';
import type { Queryable } from '../pool.ts';
import { segmentScope } from '../segments.ts';

/** What a batch is routed by: the rules in force, and who is there. */
export interface RoutingGround {
  rules: Rules;
  staff: Staff;
  /** Ids by key, to write down what was decided. */
  poolIds: ReadonlyMap<string, string>;
  repIds: ReadonlyMap<string, string>;
}

/** SQL: the standard's pool, or the oldest. */
const theFallback = `coalesce(
  (select p.key from pool p where p.key = (select body ->> 'pool' from document where kind = 'standard' and key = 'default' order by version desc limit 1)),
  (select key from pool order by id limit 1))`;

/** Where everybody goes whom no rule sends anywhere; null while there is no pool. */
export async function fallbackPool(tx: Queryable): Promise<string | null> {
  return (await tx.query<{ key: string | null }>(`select ${theFallback} as key`)).rows[0]!.key;
}

/** The rules in force and the staff: one statement, one more where a rule names a segment. There must be a pool. */
export async function loadRouting(tx: Queryable): Promise<RoutingGround> {
  const { rows } = await tx.query<{
    document: { version: number; body: unknown } | null;
    pools: Record<string, string>;
    reps: Record<string, string> | null;
    fallback: string;
  }>(
    `select (select jsonb_build_object('version', version, 'body', body) from document where kind = 'routing' and key = 'default' order by version desc limit 1) as document,
            (select jsonb_object_agg(key, id) from pool) as pools, (select jsonb_object_agg(key, id) from rep where active) as reps,
            ${theFallback} as fallback`,
  );
  const { document, pools, reps, fallback } = rows[0]!;
  const poolIds = new Map(Object.entries(pools));
  const repIds = new Map(Object.entries(reps ?? {}));
  const staff = { pools: new Set(poolIds.keys()), reps: new Set(repIds.keys()), fallback };
  return { rules: await readRules(tx, document), staff, poolIds, repIds };
}

/** A document made ready. One that today's rules cannot read does not stop anybody from being handed over: the usual ones hold meanwhile. */
async function readRules(tx: Queryable, document: { version: number; body: unknown } | null): Promise<Rules> {
  const parsed = document && routingSchema.safeParse(document.body);
  return parsed?.success ? compile(tx, parsed.data, document!.version) : compile(tx, usualRouting, null);
}

/** A document made ready, stored or not. */
export async function compile(tx: Queryable, document: RoutingDocument, version: number | null): Promise<Rules> {
  const namesSegment = JSON.stringify(document).includes('"segment"');
  return rulesOf(document, version, namesSegment ? await segmentScope(tx) : { segment: () => undefined });
}
