import { pathOf } from '../../domain/workspace/folder.ts';
import { command } from '../command.ts';
import { paint, say, sayJson } from '../output.ts';
import { readFolder } from '../workspace/files.ts';
import { held, tellDocumentFindings, tryPush } from '../workspace/instance.ts';
import { compareLines, nearChanges } from '../workspace/lines.ts';
import { fileText } from '../workspace/yaml.ts';

/** `tendril diff DIR` */
export const diff = command({
  name: 'diff',
  description: 'What a push of the folder would change, line by line, and what is wrong with it. Exit code 1 when there is an error',
  args: { dir: { type: 'positional', description: 'The folder', required: true } },
  async run({ args, client }) {
    const { documents } = await readFolder(args.dir);
    const looked = await tryPush(client, documents);
    if (args.json) {
      sayJson(looked);
      return looked.ok;
    }
    const { items } = await held(client);
    tellDocumentFindings(looked.findings, documents);
    for (const { kind, key, change } of looked.changes.filter((one) => one.change !== 'same')) {
      const mine = documents.find((one) => one.kind === kind && one.key === key)!;
      const theirs = items.find((one) => one.kind === kind && one.key === key);
      say(paint('bold', `${change === 'added' ? 'new     ' : 'changed '} ${mine.path}`));
      for (const line of nearChanges(compareLines(theirs ? fileText(theirs) : '', fileText(mine)))) {
        if (line === null) say(paint('dim', '  …'));
        else if (line.text !== '' || line.sign === ' ')
          say(paint(line.sign === '+' ? 'green' : line.sign === '-' ? 'red' : 'dim', `${line.sign} ${line.text}`));
      }
    }
    for (const one of items.filter((other) => !documents.some((mine) => mine.kind === other.kind && mine.key === other.key)))
      say(paint('dim', `only in the instance: ${pathOf(one)}`));
    if (looked.changes.every(({ change }) => change === 'same')) say(`${paint('green', '✓')} The instance says all of this already`);
    return looked.ok;
  },
});
