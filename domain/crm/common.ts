import { z } from 'zod';
import type { Issue } from '../errors.ts';
import { isStorable } from '../storable.ts';
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

/** What is told, when it fits the schema and can be stored as it stands; else why not. */
export function readTold<Schema extends z.ZodObject>(schema: Schema, given: unknown): z.infer<Schema> | Fault {
  const { data, error } = schema.safeParse(given);
  const issues: Issue[] = data
    ? Object.entries(data).flatMap(([path, value]) =>
        isStorable(value) ? [] : { path, reason: 'holds a character that cannot be stored' },
      )
    : error!.issues.map((issue) => ({ path: issue.path.map(String).join('.'), reason: issue.message }));
  if (data && issues.length === 0) return data;
  return {
    code: 'invalid',
    detail: `It is not valid: ${issues.map(({ path, reason }) => `${path || 'it'}: ${reason}`).join('; ')}`,
    issues,
  };
}

/** A line of text. */
export const line = z.string().trim().min(1).max(300).nullable().optional();

/** Values by name; null takes one off. */
export const attributes = z
  .record(z.string().min(1).max(100), z.unknown())
  .refine((given) => JSON.stringify(given).length <= 32_768, 'is more than 32 kB');

/** A company, by whatever it is known. */
export const companyRef = z.union([
  z.strictObject({ id: z.uuid() }),
  z.strictObject({ domain: z.string().min(3).max(253), name: z.string().trim().min(1).max(200).optional() }),
  z.strictObject({ system, externalId }),
]);
export type CompanyRef = z.infer<typeof companyRef>;
