import { z } from 'zod';

/** Names a step for life: in counts, send keys, journal and migrations. */
export const stepId = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,62}$/i, 'a step id is letters, digits, - and _, up to 63');
