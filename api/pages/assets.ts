import { createHash } from 'node:crypto';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { css } from './css.ts';
import { refresh } from './refresh.ts';

const mark = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" fill="none" stroke="#2f8f5b" stroke-width="3" stroke-linecap="round"><path d="M6 28C6 16 12 10 19 10c5 0 7 3.5 7 6.5S23.5 22 20.5 22 16 20 16 17.5"/><path d="M7 19C3.5 15 4 9 5 5c4 1 8 4 8 9" fill="#2f8f5b" fill-opacity=".25"/></svg>`;

/** Changes with the files, so that browsers may keep them. */
export const pageVersion = createHash('sha256').update(css).update(refresh).digest('hex').slice(0, 8);

/** The few files the server-rendered pages share. Open to everyone: they say nothing about the workspace. */
export function assetEndpoints(app: OpenAPIHono): void {
  const file = (path: string, type: string, content: string): void => {
    app.get(path, (c) => c.body(content, 200, { 'Content-Type': type, 'Cache-Control': 'public, max-age=31536000, immutable' }));
  };
  file('/assets/pages.css', 'text/css; charset=utf-8', css);
  file('/assets/refresh.js', 'text/javascript; charset=utf-8', refresh);
  file('/assets/mark.svg', 'image/svg+xml', mark);
}
