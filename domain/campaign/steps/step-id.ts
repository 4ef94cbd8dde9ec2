import { z } from 'zod';

/** Names a step for life: in counts, send keys, journal and migrations. */
export const stepId = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, 'a step id is letters, digits, - and _, up to 63');
