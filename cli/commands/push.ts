import { command } from '../command.ts';
import { paint, say, sayJson } from '../output.ts';
import { readFolder } from '../workspace/files.ts';
import { push as pushAll, tellDocumentFindings, tryPush } from '../workspace/instance.ts';

/** `tendril push DIR` */
export const push = command({
  name: 'push',
  description:
    'Store a folder of documents in the instance: all of it, or with one error nothing. Nothing is deleted, no campaign launched',
  args: { dir: { type: 'positional', description: 'The folder', required: true } },
  async run({ args, client }) {
    const { documents, others } = await readFolder(args.dir);
    const looked = await tryPush(client, documents);
    const pushed = looked.ok && looked.changes.some(({ change }) => change !== 'same') ? await pushAll(client, documents) : looked;
    if (args.json) sayJson(pushed);
    else {
      tellDocumentFindings(pushed.findings, documents);
      for (const path of others) say(paint('dim', `${path} is no document of a workspace: left alone`));
      for (const { kind, key, change } of pushed.changes) {
        const path = documents.find((one) => one.kind === kind && one.key === key)!.path;
        if (change !== 'same' && looked.ok) say(`${paint('green', change === 'added' ? '+' : '~')} ${path}`);
      }
      const fresh = pushed.changes.filter(({ change }) => change !== 'same');
      if (!looked.ok) say(`${paint('red', '✗')} Nothing was stored`);
      else if (fresh.length === 0) say(`${paint('green', '✓')} The instance says all of this already`);
      else say(`${paint('green', '✓')} ${fresh.length} of ${documents.length} documents stored`);
      if (looked.ok && fresh.some(({ kind }) => kind === 'campaign'))
        say(paint('dim', 'A new version of a campaign takes newcomers once it is launched: tendril campaign launch KEY'));
    }
    return looked.ok;
  },
});
