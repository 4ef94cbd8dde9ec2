import { join } from 'node:path';
import type { WorkspaceDocument } from '../../domain/workspace/folder.ts';
import { workspaceModule } from '../../domain/workspace/typescript.ts';
import { placeOf } from '../../messaging/template-files.ts';
import { command } from '../command.ts';
import { paint, say, sayJson } from '../output.ts';
import { hasPackage, readFolder, writeFile } from '../workspace/files.ts';
import { held } from '../workspace/instance.ts';

/** The name by which a campaign names a mail: its variants share it. */
function mailKey({ kind, key }: WorkspaceDocument): string[] {
  const place = kind === 'template' ? placeOf(`${key}.mjml`) : null;
  return place?.kind === 'mail' ? [place.key] : [];
}

/** `tendril types DIR` */
export const types = command({
  name: 'types',
  description:
    'Write DIR/tendril.ts: defineCampaign with the names of the workspace as types, those of the folder before those of the instance',
  args: { dir: { type: 'positional', description: 'The folder', required: true } },
  async run({ args, client }) {
    const { items, templates } = await held(client);
    const { documents } = await readFolder(args.dir);
    const merged = new Map(
      [...items, ...documents.filter(({ kind }) => kind !== 'campaign' && kind !== 'sequence')].map((one) => [
        `${one.kind}/${one.key}`,
        one,
      ]),
    );
    const path = join(args.dir, 'tendril.ts');
    writeFile(path, workspaceModule([...merged.values()], [...new Set([...templates, ...documents.flatMap(mailKey)])].toSorted()));
    if (!hasPackage(args.dir)) writeFile(join(args.dir, 'package.json'), '{ "private": true, "type": "module" }\n');
    if (args.json) return sayJson({ path });
    say(`${paint('green', '✓')} ${path}: import { defineCampaign } from '../tendril.ts'`);
  },
});
