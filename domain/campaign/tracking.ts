import { z } from 'zod';
import { trackings } from '../tracking/hit.ts';

/** How much of mail is tracked, where a document says it. */
export const tracking = z.enum(trackings);
