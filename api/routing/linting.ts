import type { Queryable } from '../../db/pool.ts';
import { poolKeys } from '../../db/pools.ts';
import { listReps } from '../../db/reps.ts';
import { workspaceDocuments } from '../../db/workspace-documents.ts';
import { type Finding, refuseErrors } from '../../domain/finding.ts';
import { type RoutingDocument, routingSchema } from '../../domain/routing/document.ts';
import { lintRouting } from '../../domain/routing/lint.ts';
import { surroundingsOf } from '../../domain/workspace/surroundings.ts';

/** What is wrong with a routing document in this workspace. */
export async function lintHere(tx: Queryable, given: unknown): Promise<Finding[]> {
  const pools = await poolKeys(tx);
  const { segment, vocabulary } = surroundingsOf(await workspaceDocuments(tx), () => true, pools);
  return lintRouting(given, { segment, vocabulary, pools: new Set(pools), reps: new Set((await listReps(tx)).map(({ key }) => key)) });
}

/** The document, when there is no error. Throws `invalid` with every one. */
export async function requireRouting(tx: Queryable, given: unknown): Promise<{ document: RoutingDocument; warnings: Finding[] }> {
  const findings = await lintHere(tx, given);
  refuseErrors('routing document', findings);
  return { document: routingSchema.parse(given), warnings: findings };
}
