import { expect } from 'vitest';

declare module 'vitest' {
  interface Matchers<T> {
    /** The response has this HTTP status; when it has not, its body is shown. */
    toHaveStatus(status: number): Promise<T>;
  }
}

expect.extend({
  async toHaveStatus(received: Response, status: number) {
    const pass = received.status === status;
    const body = pass ? '' : await received.clone().text();
    return {
      pass,
      message: () => `expected status ${pass ? 'other than ' : ''}${status}, got ${received.status}${body && `: ${body.slice(0, 2_000)}`}`,
    };
  },
});
