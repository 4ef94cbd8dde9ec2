import { writeFileSync } from 'node:fs';
import type { TemplateFinding } from '../../messaging/template-lint/finding.ts';
import { command, group } from '../command.ts';
import { Failure } from '../failure.ts';
import { paint, say, sayFinding, sayJson, table } from '../output.ts';
import { readFolder } from '../workspace/files.ts';
import { type FollowedLink, followLinks } from '../workspace/links.ts';

interface Template {
  key: string;
  own: boolean;
  variants: { language: string | null; subject: string }[];
  usedBy: { campaign: string; step: string }[];
}
interface Linted {
  ok: boolean;
  looked: number;
  findings: (TemplateFinding & { usedBy: string | null })[];
  links: { url: string; file: string; line: number }[];
}

const list = command({
  name: 'list',
  description: 'Every mail, its languages, and which steps send it',
  async run({ args, client }) {
    const { items } = await client.get<{ items: Template[] }>('/v1/templates');
    if (args.json) return sayJson(items);
    const rows = items.map(({ key, variants, usedBy }) => [
      key,
      variants.map(({ language }) => language ?? 'all').join(' '),
      usedBy.map(({ campaign, step }) => `${campaign}/${step}`).join(' ') || '–',
    ]);
    say(table(['mail', 'languages', 'sent by'], rows));
  },
});

const lint = command({
  name: 'lint',
  description:
    'What is wrong with the mails of a folder (as if they were pushed), or with those of the instance. Exit code 1 when there is an error',
  args: {
    dir: { type: 'positional', description: 'The folder; left out: what the instance has', required: false },
    online: { type: 'boolean', description: 'Follow the links, too', default: false },
  },
  async run({ args, client }) {
    const folder = args.dir ? (await readFolder(args.dir)).documents : [];
    const documents = folder
      .filter(({ kind }) => ['template', 'layout', 'block', 'campaign'].includes(kind))
      .map(({ kind, key, body }) => ({ kind, key, body }));
    if (args.dir && !documents.some(({ kind }) => kind !== 'campaign')) throw new Failure(`There are no mails in ${args.dir}/templates`);
    const linted = await client.post<Linted>('/v1/templates/lint', { documents });
    const dead = args.online ? await followLinks(linted.links) : [];
    const ok = linted.ok && dead.length === 0;
    if (args.json) {
      sayJson({ ...linted, ok, dead });
      return ok;
    }
    const paths = new Map(folder.map(({ kind, key, path }) => [fileOf(kind, key), path]));
    for (const { level, file, line, reason, mend, usedBy } of linted.findings)
      sayFinding(`${paths.get(file) ?? file}${line === null ? '' : `:${line}`}`, {
        level,
        reason: usedBy ? `${reason} (sent by ${usedBy})` : reason,
        mend,
      });
    for (const one of dead) tellDead(one, paths);
    if (ok)
      say(`${paint('green', '✓')} ${linted.looked} mails, no error${args.online ? `, ${linted.links.length} links that answer` : ''}`);
    return ok;
  },
});

/** As the lint calls it: below templates/. */
const fileOf = (kind: string, key: string): string => `${{ layout: 'layout/', block: 'blocks/' }[kind] ?? ''}${key}.mjml`;

function tellDead({ url, file, line, why }: FollowedLink, paths: ReadonlyMap<string, string>): void {
  sayFinding(`${paths.get(file) ?? file}:${line}`, { level: 'error', reason: `${url} ${why}`, mend: 'check where it should lead' });
}

const preview = command({
  name: 'preview',
  description: 'A mail as it would read for a lead; nothing is sent',
  args: {
    key: { type: 'positional', description: 'The mail', required: true },
    lead: { type: 'string', description: 'Address or id of the lead (default: somebody invented)', valueHint: 'EMAIL' },
    language: { type: 'string', description: 'The variant for this language', valueHint: 'de' },
    html: { type: 'string', description: 'Write its HTML into a file', valueHint: 'FILE' },
  },
  async run({ args, client }) {
    const query = new URLSearchParams({ ...(args.lead && { lead: args.lead }), ...(args.language && { language: args.language }) });
    const path = `/v1/templates/${encodeURIComponent(args.key)}`;
    const mail = await client.get<{ subject: string; html: string; text: string; file: string; because: string }>(
      `${path}/preview?${query.toString()}`,
    );
    if (args.html) writeFileSync(args.html, mail.html);
    if (args.json) return sayJson(mail);
    say(`${paint('bold', mail.subject)}  ${paint('dim', `${mail.file}: ${mail.because}`)}`);
    say();
    say(mail.text);
    say(
      args.html
        ? `${paint('green', '✓')} ${args.html}`
        : paint('dim', `As it looks: ${client.url}/templates/${encodeURIComponent(args.key)}`),
    );
  },
});

const letters = command({
  name: 'letters',
  description: 'A mail on paper for those who prefer post: pages for the printer (FILE.html), or a list to merge with (FILE.csv)',
  args: {
    key: { type: 'positional', description: 'The mail', required: true },
    out: { type: 'string', description: 'Where to write them: letters.html or letters.csv', valueHint: 'FILE', required: true },
    segment: { type: 'string', description: 'Only leads of this segment', valueHint: 'KEY' },
    everybody: { type: 'boolean', description: 'Also those who have not said that they prefer post', default: false },
  },
  async run({ args, client }) {
    const format = /\.(csv|html)$/.exec(args.out)?.[1];
    if (!format) throw new Failure('--out names a file that ends in .csv or .html');
    const query = new URLSearchParams({ format, everybody: String(args.everybody), ...(args.segment && { segment: args.segment }) });
    const file = await client.getFile(`/v1/templates/${encodeURIComponent(args.key)}/letters?${query.toString()}`);
    writeFileSync(args.out, Buffer.from(await new Response(file).arrayBuffer()));
    if (args.json) return sayJson({ path: args.out });
    say(`${paint('green', '✓')} ${args.out}`);
  },
});

/** `tendril template …` */
export const template = group('template', 'The mails that campaigns send: look for faults, preview, print', {
  list,
  lint,
  preview,
  letters,
});
