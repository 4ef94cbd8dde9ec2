import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';

/** A route's response that is a mail as it came. */
export const rawResponse = {
  description: 'The mail, as a file to keep',
  content: { 'message/rfc822': { schema: z.string().openapi({ format: 'binary' }) } },
};

/** A stranger's mail, to be kept as a file and never shown: what is in it runs nowhere. */
export function asItCame(c: Context, id: string, raw: Buffer) {
  return c.body(new Uint8Array(raw), 200, {
    'content-type': 'message/rfc822',
    'content-disposition': `attachment; filename="mail-${id}.eml"`,
    'cache-control': 'private, no-store',
  });
}
