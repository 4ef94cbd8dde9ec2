import { accountColumns as ofAccounts, leadColumns as ofLeads } from '../domain/workspace/attributes.ts';

/** The columns of a lead that conditions and scoring rules may name as its attributes. */
export const leadColumns = Object.keys(ofLeads) as (keyof typeof ofLeads)[];

/** And of an account. */
export const accountColumns = Object.keys(ofAccounts) as (keyof typeof ofAccounts)[];

const columnsOf = (table: string, columns: readonly string[]): string =>
  `jsonb_strip_nulls(jsonb_build_object(${columns.map((column) => `'${column}', ${table}.${column}`).join(', ')}))`;

/** What conditions and scoring rules may compare of a lead `l`, as jsonb: its attributes, under its own columns. Absent is absent, never null. */
export const leadFacts = `l.attributes || ${columnsOf('l', leadColumns)}`;

/** The same of an account `a`; null where the lead has none. */
export const accountFacts = `case when a.id is not null then a.attributes || ${columnsOf('a', accountColumns)} end`;
