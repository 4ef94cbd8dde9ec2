import { documentKinds, type DocumentKind } from '../documents.ts';

/** Everything that stands in a workspace's folder: the documents, the campaigns, and the lists of reps and pools. */
export type WorkspaceKind = DocumentKind | 'campaign' | 'sequence' | 'reps' | 'pools';
export const workspaceKinds = [...documentKinds, 'campaign', 'sequence', 'reps', 'pools'] as WorkspaceKind[];

export interface WorkspaceDocument {
  kind: WorkspaceKind;
  /** `default` for what there is only one of. */
  key: string;
  body: unknown;
}

/** Kinds of which there are many: a file for each, in a folder. */
const folders = {
  form: 'forms',
  segment: 'segments',
  campaign: 'campaigns',
  sequence: 'sequences',
  template: 'templates',
  layout: 'templates/layout',
  block: 'templates/blocks',
} as const satisfies Partial<Record<WorkspaceKind, string>>;

/** Mails and what they are made of: a file is its source, as it stands. */
export const isSource = (kind: WorkspaceKind): boolean => kind === 'template' || kind === 'layout' || kind === 'block';

const inFolder = (kind: WorkspaceKind): kind is keyof typeof folders => Object.hasOwn(folders, kind);

/** `forms/trial.yaml`, `scoring.yaml`: where a document stands in the folder. */
export const pathOf = ({ kind, key }: Pick<WorkspaceDocument, 'kind' | 'key'>): string =>
  inFolder(kind) ? `${folders[kind]}/${key}.${isSource(kind) ? 'mjml' : 'yaml'}` : `${kind}.yaml`;

/**
 * What a file of the folder is, by its path with `/` between: null for what is none of a workspace's documents. A document in a folder has
 * the key it says, else that of its file.
 */
export function documentAt(path: string): { kind: WorkspaceKind; key: string } | null {
  const mail = /^templates\/(?:.*\/)?([\w.-]+)\.mjml$/.exec(path);
  if (mail) {
    const folder = path.split('/').at(-2);
    return { kind: folder === 'layout' ? 'layout' : folder === 'blocks' ? 'block' : 'template', key: mail[1]! };
  }
  const found = /^(?:([\w-]+)\/)?([\w.-]+)\.(?:ya?ml|json|ts)$/.exec(path);
  if (!found) return null;
  const [, folder, name] = found;
  const kind = workspaceKinds.find((one) =>
    inFolder(one) ? folders[one] === folder && !isSource(one) : folder === undefined && one === name,
  );
  return kind === undefined ? null : { kind, key: inFolder(kind) ? name! : 'default' };
}

/** Whether a document of this kind may have this key: where there is one only it is `default`, else it is fit to name a file. */
export const mayBeNamed = ({ kind, key }: Pick<WorkspaceDocument, 'kind' | 'key'>): boolean =>
  inFolder(kind) ? /^[a-z0-9][\w.-]{0,99}$/i.test(key) : key === 'default';
