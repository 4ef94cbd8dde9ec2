import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { inTransaction } from '../../db/pool.ts';
import { storeCalls } from '../../db/tracking.ts';
import { TendrilError } from '../../domain/errors.ts';
import { parseStorable } from '../../domain/storable.ts';
import type { Call } from '../../domain/tracking/call.ts';
import { authorise, credentialOf } from '../auth.ts';
import type { ApiDeps } from '../deps.ts';
import { problemResponses } from '../problem.ts';
import type { CountCall } from './rate.ts';

export type ReceiveDeps = Pick<ApiDeps, 'pool' | 'poke'> & { countCall: CountCall };

/** Largest body, bytes unpacked; Segment's own limit. */
const BODY_LIMIT = 500 * 1024;

const successSchema = z.object({ success: z.literal(true) });

/** What every tracking route may answer. */
export const responses = {
  200: { description: 'Stored, or stored already', content: { 'application/json': { schema: successSchema } } },
  ...problemResponses('unauthorized', 'forbidden', 'origin_not_allowed', 'unsupported_media_type', 'invalid', 'rate_limited'),
};

/** A schema as documentation only: the body is read by hand, because a beacon sends its JSON as text/plain. */
export function documentedBody(schema: z.ZodType, required: string[]) {
  const { $schema: _, ...documented } = z.toJSONSchema(schema, { io: 'input' }) as Record<string, unknown>;
  const body = { schema: { ...documented, required } as never };
  return { required: true, content: { 'application/json': body, 'text/plain': body } };
}

/** Reads a tracking request, checks its write key (in the Authorization header or the body), stores its calls, pokes. */
export async function receive(
  c: Context,
  { pool, poke, countCall }: ReceiveDeps,
  read: (body: unknown, receivedAt: Date) => Call[],
): Promise<{ success: true }> {
  const body = parsed(await bodyOf(c));
  const key = await authorise(c, credentialOf(c) ?? writeKeyOf(body), 'ingest');
  c.set('apiKey', key);
  await countCall(c, key);
  const calls = read(body, new Date());
  for (const loop of await inTransaction(pool, (tx) => storeCalls(tx, calls))) poke(loop);
  return { success: true };
}

async function bodyOf(c: Context): Promise<string> {
  const type = c.req.header('content-type')?.split(';', 1)[0]!.trim().toLowerCase();
  if (type !== 'application/json' && type !== 'text/plain') {
    throw new TendrilError('unsupported_media_type', 'Send application/json; a beacon may call it text/plain');
  }
  const body = Buffer.from(await c.req.arrayBuffer());
  if (body.length > BODY_LIMIT) throw new TendrilError('too_large', `A batch may have at most ${BODY_LIMIT} bytes; split it anywhere`);
  return body.toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return parseStorable(text);
  } catch {
    throw new TendrilError('bad_request', 'The body is not JSON');
  }
}

function writeKeyOf(body: unknown): string | null {
  const key = body !== null && typeof body === 'object' && 'writeKey' in body ? body.writeKey : null;
  return typeof key === 'string' && key !== '' ? key : null;
}
