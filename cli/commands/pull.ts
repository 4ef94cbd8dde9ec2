import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { mayBeNamed, pathOf } from '../../domain/workspace/folder.ts';
import { normal } from '../../domain/workspace/push.ts';
import { same } from '../../domain/workspace/same.ts';
import { command } from '../command.ts';
import { paint, say, sayJson } from '../output.ts';
import { readFolder, writeFile } from '../workspace/files.ts';
import { held } from '../workspace/instance.ts';
import { fileText } from '../workspace/yaml.ts';

/** `tendril pull DIR` */
export const pull = command({
  name: 'pull',
  description: "Write the instance's documents into a folder. A file that says the same already stays as it is, comments and all",
  args: { dir: { type: 'positional', description: 'The folder', required: true } },
  async run({ args, client }) {
    const { items } = await held(client);
    const there = existsSync(args.dir) ? (await readFolder(args.dir)).documents : [];
    const written: string[] = [];
    const kept: string[] = [];
    for (const one of items.filter(mayBeNamed)) {
      const mine = there.find((other) => other.kind === one.kind && other.key === one.key);
      if (mine && same(normal(mine), normal(one))) continue;
      const path = mine?.path ?? pathOf(one);
      if (/\.(ts|json)$/.test(path)) kept.push(path);
      else {
        writeFile(join(args.dir, path), fileText(one));
        written.push(path);
      }
    }
    if (args.json) return sayJson({ written, kept });
    for (const path of written) say(`${paint('green', '↓')} ${path}`);
    for (const path of kept) say(paint('yellow', `${path} says something else and is not YAML: left alone (tendril diff ${args.dir})`));
    say(`${paint('green', '✓')} ${items.length} documents, ${written.length} of them written`);
  },
});
