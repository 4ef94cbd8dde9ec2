import type { Context, NotFoundHandler } from 'hono';
import type { OpenAPIHono } from '@hono/zod-openapi';
import { problem } from './problem.ts';

/** Answers what no route takes: 405 with the methods that the path does take, else 404. */
export function refuseUnknown(app: OpenAPIHono): NotFoundHandler {
  let known: { method: string; pattern: RegExp }[] | undefined;
  return (c: Context) => {
    known ??= app.routes.filter(({ method }) => method !== 'ALL').map(({ method, path }) => ({ method, pattern: patternOf(path) }));
    const methods = new Set(known.filter(({ pattern }) => pattern.test(c.req.path)).map(({ method }) => method));
    if (methods.size === 0 || methods.has(c.req.method)) return problem(c, 'not_found', `There is nothing at this path`);
    if (methods.has('GET')) methods.add('HEAD');
    const allow = [...methods].toSorted().join(', ');
    c.header('allow', allow);
    return problem(c, 'method_not_allowed', `This path takes ${allow}`);
  };
}

function patternOf(path: string): RegExp {
  const parts = path
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part === '*' ? '.*' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${parts.join('/')}$`);
}
