import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { type ErrorCode, type Issue, errorCodes } from '../domain/errors.ts';

/** RFC 9457 problem details, as every error of the api is told. */
const problemSchema = z
  .object({
    type: z.string().openapi({ description: 'Where the code is explained', example: '/docs/errors#invalid' }),
    title: z.string(),
    status: z.int(),
    code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
    detail: z.string().openapi({ description: 'What is wrong with this request, for a person to read' }),
    requestId: z.string().openapi({ description: 'Names this request in our logs' }),
    issues: z
      .array(z.object({ path: z.string(), reason: z.string(), mend: z.string().optional() }))
      .optional()
      .openapi({ description: 'Each thing that is wrong, where, and what to do instead' }),
  })
  .openapi('Problem');

interface ProblemResponse {
  description: string;
  content: { 'application/problem+json': { schema: typeof problemSchema } };
}

/** What any route may answer, whatever it does. */
type Everywhere = 'bad_request' | 'too_large' | 'internal' | 'unavailable';
const everywhere: Everywhere[] = ['bad_request', 'too_large', 'internal', 'unavailable'];

/** Node itself answers this, before any of us. */
const headersTooLarge = { 431: { description: 'The URL and headers are larger than 16 kB' } };

type ProblemResponses<Code extends ErrorCode> = {
  [C in Code | Everywhere as (typeof errorCodes)[C]['status']]: ProblemResponse;
} & typeof headersTooLarge;

/** The `responses` of a route for these error codes, and for those that any route may answer. Spread it into `createRoute`. */
export function problemResponses<Code extends ErrorCode>(...codes: Code[]): ProblemResponses<Code> {
  const titles = new Map<number, string[]>();
  for (const code of new Set<ErrorCode>([...codes, ...everywhere])) {
    const { status, title } = errorCodes[code];
    titles.set(status, [...(titles.get(status) ?? []), title]);
  }
  const content = { 'application/problem+json': { schema: problemSchema } };
  const responses = [...titles].map(([status, all]) => [status, { description: all.join('; or: '), content }]);
  return { ...Object.fromEntries(responses), ...headersTooLarge } as ProblemResponses<Code>;
}

/** Answers a problem. `detail` and `issues` are for the caller's eyes: no secrets, no personal data. */
export function problem(c: Context, code: ErrorCode, detail: string, issues: readonly Issue[] = []): Response {
  const { status, title } = errorCodes[code];
  const body: z.infer<typeof problemSchema> = {
    type: `/docs/errors#${code}`,
    title,
    status,
    code,
    detail,
    requestId: c.get('requestId'),
    ...(issues.length > 0 && { issues: [...issues] }),
  };
  return c.body(JSON.stringify(body), status as ContentfulStatusCode, { 'content-type': 'application/problem+json' });
}
