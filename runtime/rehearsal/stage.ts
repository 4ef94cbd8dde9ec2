import type { Pool } from 'pg';
import { launch } from '../../db/campaign-life.ts';
import { saveVersion } from '../../db/campaigns.ts';
import { noteConsents } from '../../db/consents.ts';
import { upsertLeads } from '../../db/leads.ts';
import { inTransaction, type Queryable } from '../../db/pool.ts';
import { lockLeads } from '../../db/wakes.ts';
import { storeDocuments, workspaceDocuments } from '../../db/workspace-documents.ts';
import type { Campaign } from '../../domain/campaign/document.ts';
import { needsScore } from '../../domain/campaign/entry.ts';
import type { WorkspaceDocument } from '../../domain/workspace/folder.ts';

/** What a rehearsal takes over from the workspace that runs. */
export interface Original {
  documents: WorkspaceDocument[];
  workspace: { name: string; timezone: string; country: string; postal_address: string | null };
  occasions: unknown[];
}

/** Reads it. Nothing is written there. */
export async function readOriginal(pool: Pool): Promise<Original> {
  const { rows } = await pool.query<Original['workspace']>('select name, timezone, country, postal_address from workspace');
  const { rows: occasions } = await pool.query<{ row: unknown }>('select to_jsonb(o) as row from occasion o');
  return { documents: await workspaceDocuments(pool), workspace: rows[0]!, occasions: occasions.map(({ row }) => row) };
}

/** The same workspace in an empty database: everybody of the firm has one address, and one campaign is live. */
export async function setStage(pool: Pool, { documents, workspace, occasions }: Original, campaign: Campaign, to: string): Promise<string> {
  const everybody = documents
    .filter(({ kind }) => kind !== 'campaign')
    .map((one) => (one.kind === 'reps' ? { ...one, body: (one.body as object[]).map((rep) => ({ ...rep, email: to })) } : one));
  return inTransaction(pool, async (tx) => {
    await tx.query('update workspace set name = $1, timezone = $2, country = $3, postal_address = $4', [
      workspace.name,
      workspace.timezone,
      workspace.country,
      workspace.postal_address,
    ]);
    const changes = everybody.map(({ kind, key }) => ({ kind, key, change: 'added' as const }));
    await storeDocuments(tx, everybody, changes);
    await tx.query('insert into occasion select * from jsonb_populate_recordset(null::occasion, $1)', [JSON.stringify(occasions)]);
    const { campaignId } = await saveVersion(tx, campaign);
    await launch(tx, campaignId, campaign, campaign.entry.map(needsScore));
    return campaignId;
  });
}

/** The invented lead: a person of the workspace's country who has agreed to the campaign's topic. */
export async function inventLead(
  tx: Queryable,
  { to, country, topic, person }: { to: string; country: string; topic: string | undefined; person: Record<string, string> },
): Promise<string> {
  const { first_name = 'Robin', last_name = 'Sample', company = 'Sample & Co', ...attributes } = person;
  const [lead] = await upsertLeads(tx, [{ email: to, firstName: first_name, lastName: last_name, company, country }]);
  const leadId = lead!.leadId;
  await tx.query('update lead set attributes = attributes || $2 where id = $1', [leadId, JSON.stringify(attributes)]);
  await lockLeads(tx, [leadId]);
  if (topic !== undefined) await noteConsents(tx, 'rehearsal', [{ leadId, topic, granted: true, proof: {} }]);
  return leadId;
}
