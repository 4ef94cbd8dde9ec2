import { html } from 'hono/html';
import { type ErrorCode, errorCodes } from '../../domain/errors.ts';

/** What to do about each code. docs/errors.md says the same at more length. */
const remedies: Record<ErrorCode, string> = {
  bad_request: 'Send well-formed JSON (or the form encoding you announce), in UTF-8, without control characters.',
  unauthorized: 'Send a key in force: Authorization: Bearer tnd_… An admin makes keys at POST /v1/keys.',
  bad_signature: "Configure the same signing secret here and at the form's provider, and send the body unchanged.",
  forbidden: 'Use a key with the scope that the message names.',
  origin_not_allowed: "Add the page's origin to the key or the form document, exactly as the browser sends it.",
  not_found: 'Check the id, key or path.',
  method_not_allowed: 'Use one of the methods in the Allow header.',
  conflict: 'Read the present state, then decide again.',
  link_expired: 'Open the newest mail about this matter; its links are the ones in force.',
  too_large: 'Send less at once; batches may be split anywhere.',
  unsupported_media_type: 'Send one of the content types the endpoint documents, plain or gzipped.',
  invalid: 'Mend the fields listed in `issues`.',
  rate_limited: 'Wait as long as the Retry-After header says.',
  internal: 'Try again; if it stays, send us the requestId.',
  unavailable: 'Try again shortly; nothing of this request was stored.',
};

/** The page that `type` of a problem points to. */
export function errorsPage() {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Errors of the Tendril API</title>
        <style>
          :root {
            color-scheme: light dark;
          }
          body {
            font:
              16px/1.5 system-ui,
              sans-serif;
            max-width: 46rem;
            margin: 2rem auto;
            padding: 0 1rem;
          }
          dt {
            margin-top: 1.25rem;
            font-weight: 600;
          }
          dd {
            margin: 0;
          }
          :target {
            outline: 2px solid;
            outline-offset: 0.4rem;
          }
        </style>
      </head>
      <body>
        <h1>Errors</h1>
        <p>
          Every error is a JSON object of the type <code>application/problem+json</code> (RFC 9457). Its <code>code</code> is one of these.
        </p>
        <dl>
          ${Object.entries(errorCodes).map(
            ([code, { status, title }]) =>
              html`<dt id="${code}"><code>${code}</code> · ${status} · ${title}</dt>
                <dd>${remedies[code as ErrorCode]}</dd>`,
          )}
        </dl>
      </body>
    </html>`;
}
