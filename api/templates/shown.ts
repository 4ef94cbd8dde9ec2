import type { z } from '@hono/zod-openapi';
import type { Queryable } from '../../db/pool.ts';
import { storedTemplates } from '../../db/templates.ts';
import { workspaceDocuments } from '../../db/workspace-documents.ts';
import { campaign as campaignSchema } from '../../domain/campaign/document.ts';
import { mailsIn } from '../../domain/campaign/mails.ts';
import type { MailOfStep } from '../../domain/campaign/step.ts';
import { TendrilError } from '../../domain/errors.ts';
import type { WorkspaceDocument } from '../../domain/workspace/folder.ts';
import { textOf } from '../../messaging/template-files.ts';
import { readMail } from '../../messaging/template-lint/lint.ts';
import type { CompiledMail } from '../../messaging/compile-mail.ts';
import type { Templates } from '../../messaging/templates.ts';
import type { templateSchema, variantSchema } from './schema.ts';

/** A mail that a campaign's step sends. */
export interface UsedMail extends MailOfStep {
  campaign: { key: string; name: string };
  stepId: string;
}

/** Every mail that the campaigns of a workspace send, each in its newest version. */
export function mailsOfCampaigns(documents: readonly WorkspaceDocument[]): UsedMail[] {
  return documents.flatMap(({ kind, body }) => {
    const campaign = kind === 'campaign' ? campaignSchema.safeParse(body).data : undefined;
    return campaign ? mailsIn(campaign).map((mail) => ({ ...mail, campaign: { key: campaign.key, name: campaign.name } })) : [];
  });
}

/** The templates of this moment, as the api shows them. */
export async function shownTemplates(tx: Queryable, templates: Templates): Promise<z.infer<typeof templateSchema>[]> {
  await templates.refresh(tx);
  const stored = new Set((await storedTemplates(tx)).files.map(({ path }) => path));
  const used = mailsOfCampaigns(await workspaceDocuments(tx));
  return templates.keys().map((key) => {
    const variants = templates.variants(key);
    return {
      key,
      own: variants.some(({ source }) => stored.has(source.file)),
      variants: variants.map(shownVariant),
      params: paramsOf(variants),
      usedBy: used.filter(({ template }) => template === key).map(({ campaign, stepId }) => ({ campaign: campaign.key, step: stepId })),
    };
  });
}

const shownVariant = ({ source }: CompiledMail): z.infer<typeof variantSchema> => ({
  language: source.language,
  file: source.file,
  subject: textOf(source.subject),
  preheader: source.preheader,
  layout: source.layout,
});

/** What a mail needs to be given. */
function paramsOf(variants: readonly CompiledMail[]): string[] {
  const names = variants.flatMap((mail) =>
    readMail(mail).uses.flatMap(({ path, needed }) => (needed && path.startsWith('params.') ? [path.split('.')[1]!] : [])),
  );
  return [...new Set(names)].filter((name) => name !== 'entry').toSorted();
}

/** The variant of a mail for a lead (null: the one for everybody), as of this moment. Throws `not_found`. */
export async function requireMail(
  tx: Queryable,
  templates: Templates,
  key: string,
  lead: Record<string, unknown> | null,
): Promise<CompiledMail> {
  await templates.refresh(tx);
  const mail = templates.variantOf(key, lead);
  if (!mail) throw new TendrilError('not_found', `There is no template '${key}'`);
  return mail;
}
