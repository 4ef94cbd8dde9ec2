import { Agent as HttpAgent, type IncomingMessage, request as overHttp } from 'node:http';
import { Agent as HttpsAgent, request as overHttps } from 'node:https';
import { attributesOf } from '../../domain/calls/answer.ts';
import {
  type CallOutcome,
  type CallRequest,
  EXCERPT,
  HOST_LIMIT,
  MOST_ANSWERED,
  retryAfterMs,
  verdictOf,
} from '../../domain/calls/call.ts';
import { storable } from '../../domain/storable.ts';
import { ENDPOINT_LIMIT } from '../../domain/webhooks/delivery.ts';
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

/** Connections that nobody has used for so long are closed, mostly before the other side does it, real ms. */
const IDLE_MS = 4_000;
/** How many of them are kept to one host: as many as may be under way to it. */
const KEPT = Math.max(HOST_LIMIT, ENDPOINT_LIMIT);
/** How a connection ends that the other side has closed. */
const CUT = new Set<string | undefined>(['ECONNRESET', 'EPIPE']);

/**
 * The one sender of webhooks and of notices to a URL: signed, guarded against calling our own network, never following a redirection. Connections
 * are kept for the next request to their host; each new one is looked at as the first was.
 */
export function createPostWebhook({ allowed, httpsOnly, secretsOf }: WebhookSettings): PostWebhook {
  const lookup = guardedLookup(allowed);
  const keep = { keepAlive: true, maxFreeSockets: KEPT, timeout: IDLE_MS };
  const ways = {
    'http:': { open: overHttp, agent: new HttpAgent(keep) },
    'https:': { open: overHttps, agent: new HttpsAgent(keep) },
  };

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
    const { open, agent: kept } = ways[target.protocol as keyof typeof ways];
    const signal = AbortSignal.timeout(timeoutMs);

    const ask = (agent: HttpAgent | false): Promise<Answer> =>
      new Promise((resolve, reject) => {
        const asked = open(target, { method, headers, lookup, signal, agent }, (response) => {
          read(response).then(resolve, reject);
        });
        asked.on('error', (error: NodeJS.ErrnoException) => {
          // The other side was just closing the connection that we had kept: it is asked once more, on one of its own.
          if (asked.reusedSocket && CUT.has(error.code)) resolve(ask(false));
          else reject(error);
        });
        asked.end(body);
      });
    return ask(kept);
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
  const text = storable(Buffer.concat(chunks).subarray(0, MOST_ANSWERED).toString('utf8'));
  return { status: response.statusCode ?? 0, retryAfter: response.headers['retry-after'], text, tooLarge: size > MOST_ANSWERED };
}

function outcomeOf({ status, retryAfter, text, tooLarge }: Answer, sets: Record<string, string>): CallOutcome {
  const seen = { status, excerpt: storable(text, EXCERPT) || null };
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
