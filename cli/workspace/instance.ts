import type { WorkspaceDocument } from '../../domain/workspace/folder.ts';
import type { Change, DocumentFinding } from '../../domain/workspace/push.ts';
import type { Client } from '../client.ts';
import { sayFinding } from '../output.ts';
import type { DocumentFile } from './files.ts';

export interface Held {
  items: WorkspaceDocument[];
  templates: string[];
}
export interface Pushed {
  ok: boolean;
  stored: boolean;
  changes: Change[];
  findings: DocumentFinding[];
}

/** The documents of the instance. */
export const held = (client: Client): Promise<Held> => client.get<Held>('/v1/workspace/documents');

/** What a push would change and what is wrong with it; nothing is stored. */
export const tryPush = (client: Client, documents: readonly DocumentFile[]): Promise<Pushed> => send(client, documents, true);

/** Stores them all, or none. */
export const push = (client: Client, documents: readonly DocumentFile[]): Promise<Pushed> => send(client, documents, false);

const send = (client: Client, documents: readonly DocumentFile[], dryRun: boolean): Promise<Pushed> =>
  client.put<Pushed>('/v1/workspace/documents', { documents: documents.map(({ kind, key, body }) => ({ kind, key, body })), dryRun });

/** Each finding with the file it is in, why, and what to do. */
export function tellDocumentFindings(findings: readonly DocumentFinding[], documents: readonly DocumentFile[]): void {
  for (const finding of findings) {
    const { kind, key, path } = finding;
    const file = documents.find((one) => one.kind === kind && one.key === key)?.path ?? `${kind} ${key}`;
    const line = /^line (\d+)$/.exec(path)?.[1];
    sayFinding(line === undefined ? `${file}  ${path || 'document'}` : `${file}:${line}`, finding);
  }
}
