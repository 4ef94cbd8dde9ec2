import { relative } from 'node:path';
import type { Config } from './config.ts';

export interface BannerFacts {
  config: Pick<Config, 'publicUrl' | 'TEMPORAL_NAMESPACE'>;
  home: string;
  adminKeyFile: string;
  temporalUiUrl: string | null;
  /** As people read it: `3.2 s`. */
  took: string;
}

/** What a person who has just started Tendril needs to know: what to open, where the key is, and one line that makes something happen. */
export function banner({ config, home, adminKeyFile, temporalUiUrl, took }: BannerFacts): string {
  const url = config.publicUrl;
  const here = (path: string) => (relative(process.cwd(), path).startsWith('..') ? path : relative(process.cwd(), path));
  const rows: [string, string | null][] = [
    ['Overview', `${url}/`],
    ['Outbox', `${url}/outbox`],
    ['API docs', `${url}/docs`],
    ['Temporal', temporalUiUrl && `${temporalUiUrl}/namespaces/${config.TEMPORAL_NAMESPACE}/workflows`],
    ['Admin key', here(adminKeyFile)],
    ['Logs', `${here(home)}/logs`],
  ];
  return [
    '',
    `Tendril runs (ready in ${took}). Ctrl-C stops it.`,
    '',
    ...rows.flatMap(([name, value]) => (value ? [`  ${name.padEnd(10)} ${value}`] : [])),
    '',
    'Submit a form, and look at the Outbox:',
    '',
    `  curl -i ${url}/f/website -H 'content-type: application/json' -d '{"email":"kim@aurora-mills.example","name":"Kim Larsen","company":"Aurora Mills","message":"We need six pumps"}'`,
    '',
  ].join('\n');
}
