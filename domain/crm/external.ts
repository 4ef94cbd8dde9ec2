import { z } from 'zod';

/** Another system that knows our leads, accounts and records by ids of its own: `salesforce`, `sap`. */
export const system = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{0,39}$/, 'is not the name of a system such as salesforce: small letters, digits, - and _');

/** The id that it knows one by. */
export const externalId = z
  .string()
  .min(1)
  .max(200)
  // Cut at the ends it would name another than the one it was meant to.
  .regex(/^[^\0\s](?:[^\0]*[^\0\s])?$/, 'is not an id: it begins or ends with a blank');

export interface ExternalName {
  system: string;
  externalId: string;
}
