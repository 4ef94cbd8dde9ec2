/** The bodies of the responses tests have seen, for messages of failures. */
export const bodies = new WeakMap<Response, string>();

export interface Client {
  /** Any request; a path, or a whole URL. */
  request(path: string, init?: RequestInit): Promise<Response>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** A JSON body, unless it is a string, FormData or URLSearchParams, which go as they are. */
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  put(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  patch(path: string, body?: unknown, headers?: Record<string, string>): Promise<Response>;
  delete(path: string, headers?: Record<string, string>): Promise<Response>;
}

/** Whoever follows a link has a browser, unless a test says otherwise. */
const browser = { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0' };

/** Requests to an api in this process, with a key or without. */
export function clientOf(fetch: (request: Request) => Response | Promise<Response>, key?: string): Client {
  const authorization: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {};

  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers({ ...browser, ...authorization, ...Object.fromEntries(new Headers(init.headers)) });
    const response = await fetch(new Request(new URL(path, 'http://tendril.test'), { redirect: 'manual', ...init, headers }));
    bodies.set(response, await response.clone().text());
    return response;
  }

  const withBody =
    (method: string) =>
    (path: string, body?: unknown, headers: Record<string, string> = {}) => {
      const raw = body === undefined || typeof body === 'string' || body instanceof FormData || body instanceof URLSearchParams;
      return request(path, {
        method,
        headers: raw ? headers : { 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
      });
    };

  return {
    request,
    get: (path, headers = {}) => request(path, { headers }),
    post: withBody('POST'),
    put: withBody('PUT'),
    patch: withBody('PATCH'),
    delete: (path, headers = {}) => request(path, { method: 'DELETE', headers }),
  };
}
