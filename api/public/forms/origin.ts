import type { Context } from 'hono';
import { TendrilError } from '../../../domain/errors.ts';
import { allowsOrigin, type Form } from '../../../domain/forms/form.ts';

/**
 * Lets a browser's page of an allowed origin read our answer, and refuses those of others. Without an Origin header it is no
 * browser's page that asks.
 */
export function admitOrigin(c: Context, form: Form): void {
  const origin = c.req.header('origin');
  c.header('vary', 'origin', { append: true });
  if (origin === undefined) return;
  if (!allowsOrigin(form, origin)) {
    throw new TendrilError('origin_not_allowed', 'This form is not for pages of this origin', [
      { path: 'origin', reason: 'is not among the form’s origins', mend: 'Add it to `origins` of the form document' },
    ]);
  }
  c.header('access-control-allow-origin', origin);
}
