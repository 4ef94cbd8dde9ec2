/** The closed set of error codes: what went wrong, with the HTTP status it becomes. Each is documented in docs/errors.md. */
export const errorCodes = {
  bad_request: { status: 400, title: 'The request cannot be read' },
  unauthorized: { status: 401, title: 'A valid API key is needed' },
  bad_signature: { status: 401, title: 'The signature does not match' },
  forbidden: { status: 403, title: 'This key may not do that' },
  origin_not_allowed: { status: 403, title: 'This origin is not on the list' },
  not_found: { status: 404, title: 'There is no such thing' },
  method_not_allowed: { status: 405, title: 'This path does not take that method' },
  conflict: { status: 409, title: 'The present state does not allow that' },
  link_expired: { status: 410, title: 'This link has expired or was used' },
  too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'This content type is not accepted here' },
  invalid: { status: 422, title: 'Some fields are not valid' },
  rate_limited: { status: 429, title: 'Too many requests' },
  internal: { status: 500, title: 'Something failed on our side' },
  unavailable: { status: 503, title: 'A service we need is not reachable' },
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** One thing that is wrong, where, and what to do instead. `path` is a JSON pointer or a dotted path into the input. */
export interface Issue {
  path: string;
  reason: string;
  mend?: string;
}

/** Every error we throw on purpose. `detail` is for the caller's eyes: no secrets, no personal data. */
export class TendrilError extends Error {
  readonly code: ErrorCode;
  readonly issues: Issue[];
  constructor(code: ErrorCode, detail: string, issues: Issue[] = []) {
    super(detail);
    this.name = 'TendrilError';
    this.code = code;
    this.issues = issues;
  }
}
