/** The parameters of a statement that is being put together: each value by its number. */
export interface Params {
  values: unknown[];
  /** `$3::jsonb` for a value that is the third. */
  add(value: unknown, type: string): string;
}

/** Parameters that follow those a statement has already. */
export function createParams(given: readonly unknown[] = []): Params {
  const values = [...given];
  return { values, add: (value, type) => `$${values.push(value)}::${type}` };
}
