import { lint, type Surroundings } from '../domain/campaign/lint.ts';
import type { Finding } from '../domain/finding.ts';
import { lintSequence } from '../domain/sequences/lint.ts';
import type { CampaignFile } from './campaign-file.ts';
import { type Client, Unreachable } from './client.ts';
import { sayFinding } from './output.ts';

export interface Linted {
  ok: boolean;
  findings: Finding[];
  /** False when no instance was there to ask: names of templates, topics, pools and segments were taken on trust. */
  names: boolean;
}

/** Everything a document could name, taken to be there. */
const trusting: Surroundings = {
  segment: (key) => ({ tag: key }),
  hasTemplate: () => true,
  hasPool: () => true,
  hasTopic: () => true,
};

/** Lints by the instance's own names where it answers, else what can be known from the document alone. */
export async function lintFile(
  client: Client,
  file: CampaignFile,
  offline: boolean,
  of: 'campaign' | 'sequence' = 'campaign',
): Promise<Linted> {
  if (!offline) {
    try {
      return { ...(await client.postYaml<{ ok: boolean; findings: Finding[] }>(`/v1/${of}s/lint`, file.text)), names: true };
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
    }
  }
  const { findings } = of === 'campaign' ? lint(file.document, trusting) : lintSequence(file.document, trusting);
  return { ok: !findings.some(({ level }) => level === 'error'), findings, names: false };
}

/** Each finding with its line, the path, why, and what to do. */
export function tellFindings(path: string, file: CampaignFile, findings: readonly Finding[]): void {
  for (const one of findings) sayFinding(`${path}:${file.lineOf(one.path)}  ${one.path || 'document'}`, one);
}
