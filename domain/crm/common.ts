import { z } from 'zod';
import type { Issue } from '../errors.ts';
import { externalId, system } from './external.ts';

/** Why one row of what is told is not heeded. */
export interface Fault {
  code: 'invalid' | 'conflict';
  detail: string;
  issues: Issue[];
}

/** What became of one row. */
export type Heard = { result: 'created' | 'updated' | 'unchanged'; id: string } | { result: 'fault'; fault: Fault };

export const isFault = (given: object): given is Fault => 'issues' in given && 'detail' in given;

/** What does not fit the schema, as a fault. */
export function refused(error: z.ZodError): Fault {
  const issues = error.issues.map((issue) => ({ path: issue.path.map(String).join('.'), reason: issue.message }));
  return {
    code: 'invalid',
    detail: `It is not valid: ${issues.map(({ path, reason }) => `${path || 'it'}: ${reason}`).join('; ')}`,
    issues,
  };
}

/** A line of text without what no column takes. */
export const line = z
  .string()
  .trim()
  .min(1)
  .max(300)
  .regex(/^[^\0]*$/)
  .nullable()
  .optional();

/** Values by name; null takes one off. */
export const attributes = z
  .record(z.string().min(1).max(100), z.unknown())
  .refine((given) => JSON.stringify(given).length <= 32_768, 'is more than 32 kB')
  .refine((given) => !JSON.stringify(given).includes('\\u0000'), 'holds a character that cannot be stored');

/** A company, by whatever it is known. */
export const companyRef = z.union([
  z.strictObject({ id: z.uuid() }),
  z.strictObject({ domain: z.string().min(3).max(253), name: z.string().trim().min(1).max(200).optional() }),
  z.strictObject({ system, externalId }),
]);
export type CompanyRef = z.infer<typeof companyRef>;
