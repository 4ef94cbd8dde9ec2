import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { Logger } from 'pino';
import type { ZodError } from 'zod';
import { type ErrorCode, type Issue, TendrilError, errorCodes } from '../domain/errors.ts';
import { problem } from './problem.ts';

/** A schema's complaints as issues, each naming its field by a dotted path. */
export function zodIssues(error: ZodError): Issue[] {
  return error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), reason: issue.message }));
}

/** The hook of every route: what does not fit the schema becomes `invalid`, naming each field. */
export function rejectInvalid(result: { success: true } | { success: false; target: string; error: ZodError }): void {
  if (result.success) return;
  const issues = zodIssues(result.error);
  const where = result.target === 'json' || result.target === 'form' ? 'body' : result.target;
  throw new TendrilError(
    'invalid',
    `The ${where} is not valid: ${issues.map(({ path, reason }) => `${path || 'it'}: ${reason}`).join('; ')}`,
    issues,
  );
}

/** Turns whatever an endpoint throws into a problem; what nobody foresaw is logged under the request's id and told to nobody. */
export function createErrorHandler({ log }: { log: Logger }) {
  return (error: Error, c: Context): Response => {
    if (error instanceof TendrilError) return problem(c, error.code, error.message, error.issues);
    if (error instanceof HTTPException) return problem(c, codeOfStatus(error.status), error.message || 'The request cannot be handled');
    const code = (error as { code?: string }).code;
    if (isRefusedValue(code))
      return problem(c, 'bad_request', 'A value in this request cannot be stored: it is out of range or holds a forbidden character');
    const requestId = c.get('requestId');
    log.error({ err: error, requestId, method: c.req.method, route: c.req.routePath }, 'request failed');
    if (isUnreachable(code, error.message))
      return problem(c, 'unavailable', 'The database cannot be reached at the moment; try again shortly');
    return problem(c, 'internal', 'This is our fault. The request id names it in our logs');
  };
}

function codeOfStatus(status: number): ErrorCode {
  const found = Object.entries(errorCodes).find(([, known]) => known.status === status);
  return found ? (found[0] as ErrorCode) : 'bad_request';
}

/** Postgres' class 22: values that no column takes, such as a NUL character or a date out of range. */
function isRefusedValue(code: string | undefined): boolean {
  return code?.length === 5 && code.startsWith('22');
}

function isUnreachable(code: string | undefined, message: string): boolean {
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === 'ENOTFOUND') return true;
  if (code?.length === 5 && (code.startsWith('08') || code.startsWith('57P') || code === '53300')) return true;
  return /connection terminated|timeout exceeded when trying to connect/i.test(message);
}
