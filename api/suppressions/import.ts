import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { createHash } from 'node:crypto';
import { inTransaction } from '../../db/pool.ts';
import { type Listed, previewSuppressions, storeSuppressions } from '../../db/suppression-list.ts';
import type { NewSuppression } from '../../db/suppressions.ts';
import { wokenLoops } from '../../db/woken-loops.ts';
import { TendrilError } from '../../domain/errors.ts';
import type { Loop } from '../../domain/loops.ts';
import { readRow, suppressionKinds, type Understood, understand } from '../../domain/suppressions/file.ts';
import { secured } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { faultsSchema } from '../lists/body.ts';
import { problemResponses } from '../problem.ts';
import { csvRows } from './csv.ts';

export const IMPORT_PATH = '/v1/suppressions/import';

/** Rows of one file. */
const MOST_ROWS = 1_000_000;
const MOST_BYTES = 512 * 1024 * 1024;
/** Rows of one transaction. */
const BATCH = 5_000;
const MOST_FAULTS = 100;

const query = z.object({
  dryRun: z.enum(['true', 'false']).default('false').openapi({ description: 'Only say what it would come to' }),
  kind: z.enum(suppressionKinds).optional().openapi({ description: 'Why the addresses are barred. Left out: what the file seems to be' }),
  scope: z.enum(['marketing', 'all']).optional().openapi({ description: 'Left out: `all` for bounces and complaints, else `marketing`' }),
});

const answer = z
  .object({
    dryRun: z.boolean(),
    looksLike: z.string(),
    rows: z.int(),
    added: z.int(),
    widened: z.int().openapi({ description: 'Barred from marketing before, and now from all mail' }),
    already: z.int(),
    duplicates: z.int().openapi({ description: 'Addresses that stand in the file more than once' }),
    leads: z.int().openapi({ description: 'People we know among those added or widened' }),
    kinds: z.record(z.string(), z.int()),
    passedOver: z.record(z.string(), z.int()).openapi({ description: 'Rows that bar nobody, and why' }),
    faulty: z.int(),
    faults: faultsSchema,
  })
  .openapi('SuppressionImport');
type Answer = z.infer<typeof answer>;

const route = createRoute({
  ...secured('write'),
  method: 'post',
  path: IMPORT_PATH,
  tags: ['Mail'],
  summary: 'Bar every address of a CSV file',
  description:
    'Our own export, Mailchimp’s, SendGrid’s or Brevo’s files, or just addresses; up to 1,000,000 rows, plain or gzipped. It is read as it comes and stored ' +
    'some thousand rows at a time: what broke off may simply be sent again. Try `dryRun=true` first.',
  request: {
    query,
    body: { required: true, content: { 'text/csv': { schema: z.string() as unknown as z.ZodType<never> } } },
  },
  responses: {
    200: { description: 'What it came to, or would', content: { 'application/json': { schema: answer } } },
    ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'unsupported_media_type', 'invalid'),
  },
});

/** POST /v1/suppressions/import. */
export function importSuppressionsEndpoint(app: OpenAPIHono, { pool, poke }: Pick<ApiDeps, 'pool' | 'poke'>): void {
  app.openapi(route, async (c) => {
    const { dryRun, kind, scope } = c.req.valid('query');
    const only = dryRun === 'true';
    const source = `import:${c.get('apiKey').id}`;
    if ((c.req.header('content-type') ?? '').split(';')[0]!.trim().toLowerCase() !== 'text/csv')
      throw new TendrilError('unsupported_media_type', 'Send the list as text/csv');
    const packed = /^(x-)?gzip$/i.test(c.req.header('content-encoding')?.trim() ?? '');
    const total: Answer = {
      dryRun: only,
      looksLike: '',
      rows: 0,
      ...nothing(),
      duplicates: 0,
      kinds: {},
      passedOver: {},
      faulty: 0,
      faults: [],
    };
    const seen = new Set<number>();
    let batch = new Map<string, NewSuppression>();
    /** Of the batch: those that an earlier batch held already. */
    let again = 0;
    let understood: Understood | null = null;

    for await (const { row, cells } of csvRows(c.req.raw.body, packed, MOST_BYTES)) {
      if (!understood) {
        understood = understand(cells, kind ?? null);
        if (!understood) throw unreadable('no column can be told to hold the addresses');
        total.looksLike = understood.looksLike;
        if (!understood.bare) continue;
      }
      if (++total.rows > MOST_ROWS)
        throw new TendrilError('too_large', `A list may have ${MOST_ROWS} rows; those are taken: send the rest as another file`);
      take(row, cells, understood);
      if (batch.size >= BATCH) await flush();
    }
    if (!understood) throw unreadable('it is empty');
    await flush();
    return c.json(total, 200);

    function take(row: number, cells: readonly string[], meaning: Understood): void {
      const read = readRow(meaning, cells, scope ?? null);
      if ('passedOver' in read) return count(total.passedOver, read.passedOver);
      if ('fault' in read) {
        total.faulty++;
        if (total.faults.length < MOST_FAULTS) total.faults.push({ row, reason: read.fault });
        return;
      }
      const name = `${read.address} ${read.kind}`;
      const before = batch.get(name);
      if (isNew(seen, name)) count(total.kinds, read.kind);
      else {
        total.duplicates++;
        if (!before) again++;
      }
      if (!before || read.scope === 'all') batch.set(name, { ...read, source });
    }

    async function flush(): Promise<void> {
      const given = [...batch.values()];
      const { loops, ...listed } = only ? { ...(await previewSuppressions(pool, given)), loops: [] } : await store(given);
      loops.forEach(poke);
      // What stands in the file twice is told as that alone: to a preview it seems new both times.
      const twice = only ? 'added' : 'already';
      addUp(total, { ...listed, [twice]: Math.max(listed[twice] - again, 0) });
      batch = new Map();
      again = 0;
    }

    function store(given: NewSuppression[]): Promise<Listed & { loops: Loop[] }> {
      return inTransaction(pool, async (tx) => {
        const { woken, slots, ...listed } = await storeSuppressions(tx, given, source);
        return { ...listed, loops: await wokenLoops(tx, woken, slots) };
      });
    }
  });
}

const nothing = (): Listed => ({ added: 0, widened: 0, already: 0, leads: 0 });

function addUp(total: Answer, { added, widened, already, leads }: Listed): void {
  total.added += added;
  total.widened += widened;
  total.already += already;
  total.leads += leads;
}

function count(of: Record<string, number>, name: string): void {
  of[name] = (of[name] ?? 0) + 1;
}

/** Whether a name was not seen before, by 48 bits of its hash: only a figure hangs on it, and a million of them must fit in memory. */
function isNew(seen: Set<number>, name: string): boolean {
  const before = seen.size;
  return seen.add(createHash('sha256').update(name).digest().readUIntBE(0, 6)).size > before;
}

function unreadable(reason: string): TendrilError {
  return new TendrilError('invalid', `The list cannot be read: ${reason}`, [
    { path: '', reason, mend: 'send CSV with a column Email, or one address a line' },
  ]);
}
