import { type Pipeline, pipelineDocument } from '../domain/pipeline/pipeline.ts';
import { currentDocument } from './documents.ts';
import type { Queryable } from './pool.ts';

/** The pipeline in force: the workspace's, or the usual five stages where it has none. */
export async function loadPipeline(tx: Queryable): Promise<Pipeline> {
  const stored = await currentDocument(tx, 'pipeline');
  return pipelineDocument.parse(stored?.body ?? {});
}
