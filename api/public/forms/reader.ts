import type { Pool } from 'pg';
import { type FormInForce, formInForce } from '../../../db/forms.ts';
import { TendrilError } from '../../../domain/errors.ts';

/** What reads a submission by a form and stores it; null where the form turns out not to be in force any more. */
type Work<Done> = (form: FormInForce) => Promise<Done | null>;

/** How often a form may change while one submission of it is read. */
const ATTEMPTS = 5;

/**
 * Remembers forms, for they hardly ever change: work is done by a form as it was last read, and done again by the newest where that
 * one is not in force any more, whether the work finds out or is refused by it. Throws `not_found`.
 */
export function createFormReader(pool: Pool): <Done>(key: string, work: Work<Done>) => Promise<Done> {
  const remembered = new Map<string, FormInForce>();

  async function read(key: string): Promise<FormInForce> {
    const form = await formInForce(pool, key);
    remembered.set(key, form);
    return form;
  }

  return async (key, work) => {
    let form = remembered.get(key) ?? (await read(key));
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const done = await work(form).catch(async (error: unknown) => {
        if (!isRefusal(error) || (await read(key)).version === form.version) throw error;
        return null;
      });
      if (done) return done;
      form = await read(key);
    }
    throw new TendrilError('unavailable', 'This form is being changed at this moment; try again');
  };
}

function isRefusal(error: unknown): boolean {
  return error instanceof TendrilError && (error.code === 'invalid' || error.code === 'origin_not_allowed');
}
