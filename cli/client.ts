import type { Readable } from 'node:stream';
import { Failure } from './failure.ts';
import type { Target } from './target.ts';

/** The api as the commands use it. Whatever is not a 2xx is thrown as a `Failure` that says what to do. */
export interface Client {
  url: string;
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
  /** Posts a document as it stands in its file. */
  postYaml<T>(path: string, yaml: string): Promise<T>;
  /** Posts a file as it is read, however long that takes. */
  sendFile<T>(path: string, file: Readable, as: { type: string; packed: boolean }): Promise<T>;
  /** A file as it comes. */
  getFile(path: string): Promise<ReadableStream<Uint8Array>>;
}

interface Problem {
  title?: string;
  detail?: string;
  issues?: { path: string; reason: string; mend?: string }[];
}

const PATIENCE = 60_000;

export function createClient({ url, key, keyFile }: Target): Client {
  async function call(path: string, init: RequestInit = {}): Promise<Response> {
    if (key === null) {
      throw new Failure('There is no API key', [`set TENDRIL_API_KEY, or run where ${keyFile} can be read`]);
    }
    const headers = { accept: 'application/json', ...(init.headers as Record<string, string>), authorization: `Bearer ${key}` };
    const response = await fetch(url + path, { ...init, headers }).catch((error: Error) => {
      throw unreachable(url, error);
    });
    if (!response.ok) throw refused(response.status, await response.text(), url);
    return response;
  }

  async function send<T>(path: string, init: RequestInit = {}): Promise<T> {
    return read<T>(await call(path, { ...init, signal: AbortSignal.timeout(PATIENCE) }));
  }

  async function read<T>(response: Response): Promise<T> {
    const text = await response.text();
    return (text === '' ? null : parse(text, url)) as T;
  }

  return {
    url,
    get: (path) => send(path),
    post: (path, body) =>
      send(path, {
        method: 'POST',
        ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      }),
    put: (path, body) => send(path, { method: 'PUT', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    postYaml: (path, yaml) => send(path, { method: 'POST', body: yaml, headers: { 'content-type': 'application/yaml' } }),
    async sendFile<T>(path: string, file: Readable, { type, packed }: { type: string; packed: boolean }) {
      const headers = { 'content-type': type, ...(packed && { 'content-encoding': 'gzip' }) };
      return read<T>(await call(path, { method: 'POST', body: file as unknown as ReadableStream, duplex: 'half', headers }));
    },
    async getFile(path) {
      return (await call(path, { headers: { accept: '*/*' } })).body!;
    },
  };
}

function parse(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Failure(`${url} answers, but it is not Tendril`, ['check TENDRIL_URL and PORT']);
  }
}

/** Nobody listens there. Told apart from a refusal, because some commands can do without a server. */
export class Unreachable extends Failure {}

function unreachable(url: string, error: Error): Unreachable {
  const slow = error.name === 'TimeoutError';
  return new Unreachable(slow ? `${url} does not answer in time` : `Nothing answers at ${url}`, [
    'start it with `npm start`, or set TENDRIL_URL to where it runs',
  ]);
}

function refused(status: number, text: string, url: string): Failure {
  let problem: Problem = {};
  try {
    problem = JSON.parse(text) as Problem;
  } catch {
    return new Failure(`${url} answered ${status}`, ['is this Tendril? check TENDRIL_URL and PORT']);
  }
  const issues = (problem.issues ?? []).map(({ path, reason, mend }) => `${path}: ${reason}${mend ? ` (${mend})` : ''}`);
  const said = problem.detail ?? problem.title ?? `The request was refused (${status})`;
  return new Failure(said, [...issues, ...adviceFor(status, said)]);
}

function adviceFor(status: number, said: string): string[] {
  if (status === 401) return ['set TENDRIL_API_KEY to a key of this instance'];
  return status === 403 && said.includes('scope') ? ['make one with `tendril keys create`'] : [];
}
