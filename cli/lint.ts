import { lint, type Surroundings } from '../domain/campaign/lint.ts';
import type { Finding } from '../domain/finding.ts';
import { lintSequence } from '../domain/sequences/lint.ts';
import { type CampaignFile, readCampaignFile } from './campaign-file.ts';
import { type Client, Unreachable } from './client.ts';
import { command } from './command.ts';
import { paint, say, sayFinding, sayJson } from './output.ts';

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

/** `lint FILE` of such documents. `names`: what an instance is asked for; `then`: what may be done with one that is sound. */
export const lintCommand = (of: 'campaign' | 'sequence', names: string, then: string) =>
  command({
    name: 'lint',
    description: `Say what is wrong with a ${of} document; needs no running instance for its structure`,
    args: {
      file: { type: 'positional', description: `The ${of} document: YAML, JSON or TypeScript`, required: true },
      offline: { type: 'boolean', description: 'Do not ask an instance for the names it knows', default: false },
    },
    async run({ args, client }) {
      const document = await readCampaignFile(args.file);
      const found = await lintFile(client, document, args.offline, of);
      if (args.json) sayJson(found);
      else {
        tellFindings(args.file, document, found.findings);
        if (!found.names) say(paint('dim', `Names of ${names} were not checked: no instance was asked.`));
        if (found.ok) say(`${paint('green', '✓')} ${args.file} may be ${then}`);
      }
      return found.ok;
    },
  });
