import { type IncomingMessage, request as overHttp } from 'node:http';
import { request as overHttps } from 'node:https';
import { attributesOf } from '../../domain/calls/answer.ts';
import { type CallOutcome, type CallRequest, EXCERPT, MOST_ANSWERED, retryAfterMs, verdictOf } from '../../domain/calls/call.ts';
import { type Allowed, checkUrl, guardedLookup, RefusedAddress } from './guard.ts';
import { signatureHeaders } from './sign.ts';

export interface WebhookSettings {
  allowed: Allowed;
  /** As in production. */
  httpsOnly: boolean;
  /** Signing secrets of a host (without port). */
  secretsOf(host: string): readonly string[];
}

/** Makes one request and says what came of it. Never throws. */
export type PostWebhook = (call: CallRequest) => Promise<CallOutcome>;

interface Answer {
  status: number;
  retryAfter: string | undefined;
  text: string;
  tooLarge: boolean;
}

/** The one sender of webhooks and of notices to a URL: signed, guarded against calling our own network, never following a redirection. */
export function createPostWebhook({ allowed, httpsOnly, secretsOf }: WebhookSettings): PostWebhook {
  const lookup = guardedLookup(allowed);

  function exchange({ callKey, url, method, body, timeoutMs, secrets }: CallRequest): Promise<Answer> {
    const target = new URL(url);
    checkUrl(target, allowed, { httpsOnly });
    const headers = {
      ...signatureHeaders(secrets ?? secretsOf(target.hostname), callKey, new Date(), body),
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'Tendril',
    };
    const open = target.protocol === 'https:' ? overHttps : overHttp;
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(timeoutMs);
      const asked = open(target, { method, headers, lookup, signal, agent: false }, (response) => {
        read(response).then(resolve, reject);
      });
      asked.on('error', reject);
      asked.end(body);
    });
  }

  return async function post(call) {
    try {
      return outcomeOf(await exchange(call), call.sets);
    } catch (error) {
      return { status: null, excerpt: null, ...unanswered(error as NodeJS.ErrnoException, call.timeoutMs) };
    }
  };
}

async function read(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    // Leaving the loop destroys the response, and its connection with it.
    if (size > MOST_ANSWERED) break;
  }
  const text = Buffer.concat(chunks).subarray(0, MOST_ANSWERED).toString('utf8').replaceAll('\0', '');
  return { status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], text, tooLarge: size > MOST_ANSWERED };
}

function outcomeOf({ status, retryAfter, text, tooLarge }: Answer, sets: Record<string, string>): CallOutcome {
  const seen = { status, excerpt: text.slice(0, EXCERPT) || null };
  const verdict = verdictOf(status);
  if (verdict === 'retry') return { ...seen, as: 'retry', reason: `answered ${status}`, afterMs: retryAfterMs(retryAfter, new Date()) };
  if (verdict === 'failed') {
    const redirected = status >= 300 && status < 400;
    return { ...seen, as: 'failed', reason: redirected ? `answered ${status}: redirections are not followed` : `answered ${status}` };
  }
  if (Object.keys(sets).length === 0) return { ...seen, as: 'done', sets: {} };
  if (tooLarge) return { ...seen, as: 'failed', reason: 'the answer is larger than 64 kB' };
  try {
    return { ...seen, as: 'done', sets: attributesOf(JSON.parse(text), sets) };
  } catch {
    return { ...seen, as: 'failed', reason: 'the answer is not JSON' };
  }
}

/** No answer at all: our own refusal is final, anything on the way may pass. */
function unanswered(error: NodeJS.ErrnoException, timeoutMs: number) {
  if (error instanceof RefusedAddress) return { as: 'failed' as const, reason: error.message };
  const timedOut = error.name === 'AbortError' || error.name === 'TimeoutError';
  const reason = timedOut
    ? `no answer within ${timeoutMs / 1_000} s`
    : (unreachable[error.code ?? ''] ?? `could not be reached (${error.code ?? error.name})`);
  return { as: 'retry' as const, reason, afterMs: null };
}

const unreachable: Record<string, string> = {
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'its name could not be resolved',
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
};
