import { campaign } from '../domain/campaign/document.ts';
import { compile, type Plan } from '../domain/campaign/plan.ts';
import { parseVersion } from '../domain/sequences/version.ts';
import { loadVersions } from './campaigns.ts';
import type { Queryable } from './pool.ts';

/** A version, ready to decide by, with the segments as they stand. */
export async function planOfVersion(tx: Queryable, versionId: string): Promise<Plan> {
  const { versions, segments } = await loadVersions(tx, [versionId]);
  return compile(parseVersion(versions.get(versionId)), { segment: (key) => segments.get(key) });
}

/** The same of a document that has passed its lint. */
export async function planOfDocument(tx: Queryable, document: unknown): Promise<Plan> {
  const { segments } = await loadVersions(tx, []);
  return compile(campaign.parse(document), { segment: (key) => segments.get(key) });
}
