import { expect } from 'vitest';
import { bodies } from './requests.ts';

declare module 'vitest' {
  interface Matchers<T> {
    /** The response has this HTTP status; when it has not, its body is shown. */
    toHaveStatus(status: number): T;
  }
}

expect.extend({
  toHaveStatus(received: Response, status: number) {
    const pass = received.status === status;
    const body = bodies.get(received)?.slice(0, 2_000) ?? '';
    return { pass, message: () => `expected ${pass ? 'another status than' : 'status'} ${status}, got ${received.status}: ${body}` };
  },
});
