import { constants, createReadStream, createWriteStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Readable } from 'node:stream';
import { command, group } from '../command.ts';
import { Failure } from '../failure.ts';
import { say, sayJson, table } from '../output.ts';

interface Imported {
  looksLike: string;
  rows: number;
  added: number;
  widened: number;
  already: number;
  duplicates: number;
  leads: number;
  kinds: Record<string, number>;
  passedOver: Record<string, number>;
  faulty: number;
  faults: { row: number; reason: string }[];
}

/** Faulty rows that are named one by one. */
const NAMED = 10;

const importing = command({
  name: 'import',
  description: 'Bar every address of a CSV file: our own export, Mailchimp’s, SendGrid’s, Brevo’s, or just addresses',
  args: {
    file: { type: 'positional', description: 'The file, plain or .gz', required: true },
    'dry-run': { type: 'boolean', description: 'Only say what it would come to', default: false },
    kind: {
      type: 'string',
      description: 'Why: unsubscribe, bounce, complaint, manual (default: what the file seems to be)',
      valueHint: 'KIND',
    },
    scope: { type: 'string', description: 'marketing, or all mail (default: all for bounces and complaints)', valueHint: 'SCOPE' },
  },
  async run({ args, client }) {
    const query = new URLSearchParams({
      dryRun: String(args['dry-run']),
      ...(args.kind !== undefined && { kind: args.kind }),
      ...(args.scope !== undefined && { scope: args.scope }),
    });
    await access(args.file, constants.R_OK).catch(() => {
      throw new Failure(`There is no file ${args.file} that can be read`, ['check its name']);
    });
    const file = createReadStream(args.file);
    const found = await client.sendFile<Imported>(`/v1/suppressions/import?${query.toString()}`, file, {
      type: 'text/csv',
      packed: args.file.endsWith('.gz'),
    });
    if (args.json) return sayJson(found);
    tell(found, args['dry-run']);
  },
});

function tell(found: Imported, dryRun: boolean): void {
  const { looksLike, rows, added, widened, already, duplicates, leads, kinds, passedOver, faulty, faults } = found;
  const would = dryRun ? 'would be ' : '';
  say(`${looksLike}: ${rows} rows`);
  say(
    table(
      ['', 'addresses'],
      [
        [`${would}barred`, added],
        [`${would}barred from all mail, before from marketing`, widened],
        ['barred already', already],
        ['stand in the file more than once', duplicates],
        ['people we know among them', leads],
        ...Object.entries(kinds).map(([kind, count]): [string, number] => [`as ${kind}`, count]),
        ...Object.entries(passedOver).map(([reason, count]): [string, number] => [`passed over: ${reason}`, count]),
        ...(faulty > 0 ? [['cannot be read', faulty] as [string, number]] : []),
      ],
    ),
  );
  for (const { row, reason } of faults.slice(0, NAMED)) say(`line ${row} ${reason}`);
  if (faulty > NAMED) say(`… and ${faulty - NAMED} more`);
}

const exporting = command({
  name: 'export',
  description: 'Every address that is not mailed, as CSV: to a file, or to stdout',
  args: { file: { type: 'positional', description: 'The file to write (default: stdout)', required: false } },
  async run({ args, client }) {
    const file = await client.getFile('/v1/suppressions/export');
    const to = args.file === undefined ? process.stdout : createWriteStream(args.file, { flags: 'wx' });
    try {
      await pipeline(Readable.fromWeb(file as Parameters<typeof Readable.fromWeb>[0]), to, { end: args.file !== undefined });
    } catch (error) {
      if ((error as { code?: string }).code !== 'EEXIST') throw error;
      throw new Failure(`${args.file} is there already`, ['name another file, or remove it']);
    }
  },
});

/** `tendril suppressions …` */
export const suppressions = group('suppressions', 'Addresses that are not mailed: import and export', {
  import: importing,
  export: exporting,
});
