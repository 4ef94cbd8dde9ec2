import { z } from 'zod';

/** As much of JSON Schema as zod writes for our documents; what `meta` adds stands beside it. */
export interface JsonSchema {
  [key: string]: unknown;
  type?: string | string[];
  description?: string;
  default?: unknown;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  pattern?: string;
  additionalProperties?: JsonSchema | boolean;
}

/** What may be written where a schema parses. What JSON Schema cannot say is left open. */
export const jsonSchemaOf = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema;
