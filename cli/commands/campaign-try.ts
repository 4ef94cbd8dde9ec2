import { isCampaignFile, readCampaignFile } from '../campaign-file.ts';
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
    say(`${paint('green', '✓')} ${mails.length} ${mails.length === 1 ? 'mail' : 'mails'} on the way to ${args.to}`);
  },
});

interface Outlook {
  entering: number;
  heldOut: number;
  first: { email: string | null; leadId: string; at: string; words: string }[];
  notEntering: { words: string; count: number; first: { email: string | null; leadId: string }[] }[];
}
interface DryRun extends Outlook {
  coming: Outlook & { until: string };
  entries: { words: string; lookedAt: number; note: string | null }[];
  complete: boolean;
}

/** `tendril campaign dry-run KEY|FILE` */
export const dryRun = command({
  name: 'dry-run',
  description:
    'Who would enter now, who will by dates, and why not the rest; nothing is written. For a stored campaign by its key, or a document that is only tried',
  args: {
    campaign: { type: 'positional', description: 'Key of the campaign, or a file', required: true },
    since: {
      type: 'string',
      description: 'How far back an event counts as one that would bring somebody in',
      default: '30d',
      valueHint: 'DURATION',
    },
    ahead: { type: 'string', description: 'How far ahead dates and schedules are looked at', default: '30d', valueHint: 'DURATION' },
  },
  async run({ args, client }) {
    const document = isCampaignFile(args.campaign) ? ((await readCampaignFile(args.campaign)).document as { key?: string }) : undefined;
    const found = await client.post<DryRun>(campaignPath(document?.key ?? args.campaign, '/dry-run'), {
      since: args.since,
      ahead: args.ahead,
      ...(document && { document }),
    });
    if (args.json) return sayJson(found);
    for (const { words, lookedAt, note } of found.entries) say(paint('dim', `${words}: ${lookedAt} looked at${note ? ` (${note})` : ''}`));
    tellOutlook(found, `would enter now${found.complete ? '' : ' (not everybody was looked at)'}`, () => '');
    const { coming } = found;
    if (coming.entering + coming.notEntering.length > 0)
      tellOutlook(
        coming,
        `will come by dates and schedules until ${coming.until.slice(0, 10)}, as things stand now`,
        ({ at }) => `${at}  `,
      );
  },
});

function tellOutlook({ entering, heldOut, first, notEntering }: Outlook, what: string, head: (one: { at: string }) => string): void {
  say(`${paint('bold', String(entering))} ${what}${heldOut > 0 ? `, ${heldOut} of them held out` : ''}`);
  for (const one of first) say(`  ${head(one)}${one.email ?? one.leadId}`);
  if (entering > first.length) say(paint('dim', `  … and ${entering - first.length} more`));
  for (const { words, count, first: examples } of notEntering)
    say(
      `${paint('bold', String(count))} would not: ${words} ${paint('dim', `(${examples.map((one) => one.email ?? one.leadId).join(', ')}${count > examples.length ? ', …' : ''})`)}`,
    );
}
