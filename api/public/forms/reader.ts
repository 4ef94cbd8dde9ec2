import type { Pool } from 'pg';
import { type FormInForce, formsNow, noSuchForm } from '../../../db/forms.ts';
import { isOutage } from '../../../db/outage.ts';
import { type Form, parseForm } from '../../../domain/forms/form.ts';
import { createGatherer } from '../../gather.ts';

/**
 * Reads a form as it is in force at this moment; those asked for while a read is under way are read together. A version never
 * changes, so each is parsed once. Throws `not_found`.
 */
export function createFormReader(pool: Pool): (key: string) => Promise<FormInForce> {
  const parsed = new Map<string, { version: number; form: Form }>();
  const read = createGatherer({
    run: (keys: readonly string[]) =>
      formsNow(
        pool,
        keys.map((key) => ({ key, has: parsed.get(key)?.version ?? null })),
      ),
    divides: (error) => !isOutage(error),
    atOnce: 2,
    most: 500,
    enough: 25,
    lingerMs: 2,
  });
  return async (key) => {
    const { body, ...now } = (await read(key)) ?? noSuchForm();
    if (body !== null) parsed.set(key, { version: now.version, form: parseForm(body) });
    return { ...now, form: parsed.get(key)!.form };
  };
}
