import { loadVersions, segmentsVersion } from '../db/campaigns.ts';
import type { Queryable } from '../db/pool.ts';
import { compile, type Plan } from '../domain/campaign/plan.ts';
import { parseVersion } from '../domain/sequences/version.ts';

export type Plans = ReturnType<typeof createPlans>;

/** Versions compiled once and kept: they never change. What segments say may change, and then all are compiled anew. */
export function createPlans() {
  const compiled = new Map<string, Plan>();
  let segmentsSeen = -1;

  return {
    /** The plans of these versions, by id. */
    async get(tx: Queryable, versionIds: readonly string[]): Promise<ReadonlyMap<string, Plan>> {
      const segments = await segmentsVersion(tx);
      if (segments !== segmentsSeen) compiled.clear();
      segmentsSeen = segments;
      const missing = [...new Set(versionIds)].filter((id) => !compiled.has(id));
      if (missing.length > 0) {
        const loaded = await loadVersions(tx, missing);
        const scope = { segment: (key: string) => loaded.segments.get(key) };
        for (const [id, body] of loaded.versions) compiled.set(id, compile(parseVersion(body), scope));
      }
      return compiled;
    },
  };
}
