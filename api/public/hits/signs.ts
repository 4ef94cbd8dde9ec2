import type { Context } from 'hono';
import type { Sign } from '../../../domain/tracking/hit.ts';

/** What a request tells of who makes it. Browsers that load a page before anybody asks for it say so in one of these. */
export function signsOf(c: Context): { signs: Sign[]; userAgent: string } {
  const purposes = ['purpose', 'sec-purpose', 'x-purpose', 'x-moz'].map((name) => c.req.header(name) ?? '').join(' ');
  return {
    signs: [
      ...(c.req.method === 'HEAD' ? (['head'] as const) : []),
      ...(/prefetch|prerender|preview/i.test(purposes) ? (['prefetch'] as const) : []),
    ],
    userAgent: c.req.header('user-agent') ?? '',
  };
}
