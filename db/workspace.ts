import type { Queryable } from './pool.ts';

/** What a workspace says of itself. */
export interface WorkspaceSettings {
  name: string;
  timezone: string;
  country: string;
  postalAddress: string | null;
  /** Letters of sequences that a rep may send a day, where nothing else is said of them. */
  personalMailsADay: number;
}

const SETTINGS = 'name, timezone, country, postal_address as "postalAddress", personal_mails_a_day as "personalMailsADay"';

export async function readWorkspace(tx: Queryable): Promise<WorkspaceSettings> {
  return (await tx.query<WorkspaceSettings>(`select ${SETTINGS} from workspace`)).rows[0]!;
}

/** Changes what is given and leaves the rest. Answers all of it. */
export async function changeWorkspace(tx: Queryable, change: Partial<WorkspaceSettings>): Promise<WorkspaceSettings> {
  const { rows } = await tx.query<WorkspaceSettings>(
    `update workspace set name = coalesce($1, name), timezone = coalesce($2, timezone), country = coalesce($3, country),
            postal_address = case when $5 then $4 else postal_address end, personal_mails_a_day = coalesce($6, personal_mails_a_day)
      returning ${SETTINGS}`,
    [
      change.name ?? null,
      change.timezone ?? null,
      change.country ?? null,
      change.postalAddress ?? null,
      change.postalAddress !== undefined,
      change.personalMailsADay ?? null,
    ],
  );
  return rows[0]!;
}
