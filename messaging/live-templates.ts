import type { Logger } from 'pino';
import type { PoolClient } from 'pg';
import { type CompileMemory, compileTemplates, type Templates } from './templates.ts';
import type { TemplateFile } from './template-files.ts';

export interface LiveTemplatesDeps {
  /** What stands where the workspace has nothing of its own. */
  shipped: Templates;
  /** Changes whenever something was stored. */
  stamp(tx: Pick<PoolClient, 'query'>): Promise<string>;
  load(tx: Pick<PoolClient, 'query'>): Promise<{ stamp: string; files: TemplateFile[] }>;
  log: Logger;
}

/**
 * The templates that ship with those of the workspace in their place, as of the last `refresh`: whoever needs those of this moment
 * refreshes first, which asks the database one short question and compiles only what has changed.
 */
export function createLiveTemplates({ shipped, stamp, load, log }: LiveTemplatesDeps): Templates {
  const memory: CompileMemory = new Map();
  let current = shipped;
  let known: string | null = null;
  let asked = 0;
  let applied = 0;

  async function refresh(tx: Pick<PoolClient, 'query'>): Promise<void> {
    const turn = ++asked;
    if ((await stamp(tx)) === known) return;
    const stored = await load(tx);
    if (stored.stamp === known) return;
    const fresh = stored.files.length === 0 ? shipped : await compileTemplates([...shipped.files(), ...stored.files], memory, shipped);
    // Of two that looked at once, the one that looked later has seen more.
    if (turn < applied) return;
    applied = turn;
    known = stored.stamp;
    current = fresh;
    for (const { file, line, reason } of fresh.broken) log.error({ file, line, reason }, 'a stored template cannot be used');
  }

  return {
    has: (key) => current.has(key),
    keys: () => current.keys(),
    render: (key, view, track) => current.render(key, view, track),
    variantOf: (key, lead) => current.variantOf(key, lead),
    variants: (key) => current.variants(key),
    files: () => current.files(),
    with: (files) => compileTemplates([...current.files(), ...files], memory, shipped),
    shipped,
    refresh,
    get broken() {
      return current.broken;
    },
  };
}
