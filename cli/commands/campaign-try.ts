import { readCampaignFile } from '../campaign-file.ts';
import { command } from '../command.ts';
import { paint, say, sayJson } from '../output.ts';

/** The argument that names a campaign. */
export const campaignKey = { type: 'positional', description: 'Key of the campaign', required: true } as const;

/** Where the api has a campaign, and what may be done with it. */
export const campaignPath = (name: string, action = ''): string => `/v1/campaigns/${encodeURIComponent(name)}${action}`;

/** `tendril campaign test KEY --to ADDRESS` */
export const testSend = command({
  name: 'test',
  description: 'Send every mail of the newest version to one address, as it would read for a lead, marked',
  args: {
    key: campaignKey,
    to: { type: 'string', description: 'Where the mails go', required: true, valueHint: 'ADDRESS' },
    lead: { type: 'string', description: 'Whom they are written for (default: who came into it last)', valueHint: 'EMAIL' },
  },
  async run({ args, client }) {
    const { mails } = await client.post<{ mails: { stepId: string; template: string }[] }>(campaignPath(args.key, '/test'), {
      to: args.to,
      ...(args.lead !== undefined && { lead: args.lead }),
    });
    if (args.json) return sayJson(mails);
    for (const { stepId, template } of mails) say(`${stepId}: ${template}`);
    say(`${paint('green', '✓')} ${mails.length} mails on their way to ${args.to}`);
  },
});

interface DryRun {
  entering: number;
  heldOut: number;
  first: { email: string | null; leadId: string; words: string }[];
  notEntering: { words: string; count: number; first: { email: string | null; leadId: string }[] }[];
  entries: { words: string; lookedAt: number; note: string | null }[];
  complete: boolean;
}

/** `tendril campaign dry-run KEY|FILE` */
export const dryRun = command({
  name: 'dry-run',
  description:
    'Who would enter now, and why not the rest; nothing is written. For a stored campaign by its key, or a document that is only tried',
  args: {
    campaign: { type: 'positional', description: 'Key of the campaign, or a file', required: true },
    since: {
      type: 'string',
      description: 'How far back an event counts as one that would bring somebody in',
      default: '30d',
      valueHint: 'DURATION',
    },
  },
  async run({ args, client }) {
    const isFile = /\.(ya?ml|json|ts)$/.test(args.campaign);
    const document = isFile ? ((await readCampaignFile(args.campaign)).document as { key?: string }) : undefined;
    const found = await client.post<DryRun>(campaignPath(document?.key ?? args.campaign, '/dry-run'), {
      since: args.since,
      ...(document && { document }),
    });
    if (args.json) return sayJson(found);
    for (const { words, lookedAt, note } of found.entries) say(paint('dim', `${words}: ${lookedAt} looked at${note ? ` (${note})` : ''}`));
    say(
      `${paint('bold', String(found.entering))} would enter now${found.heldOut > 0 ? `, ${found.heldOut} of them held out` : ''}${found.complete ? '' : ' (not everybody was looked at)'}`,
    );
    for (const one of found.first) say(`  ${one.email ?? one.leadId}`);
    if (found.entering > found.first.length) say(paint('dim', `  … and ${found.entering - found.first.length} more`));
    for (const { words, count, first } of found.notEntering)
      say(
        `${paint('bold', String(count))} would not: ${words} ${paint('dim', `(${first.map((one) => one.email ?? one.leadId).join(', ')}${count > first.length ? ', …' : ''})`)}`,
      );
  },
});
