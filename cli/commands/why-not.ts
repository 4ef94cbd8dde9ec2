import { moment } from '../../domain/words/value.ts';
import { command } from '../command.ts';
import { paint, say, sayJson } from '../output.ts';

interface WhyNot {
  campaign: { key: string; name: string; state: string };
  standing: 'in' | 'may_enter' | 'out';
  hindrances: { rule: string; words: string; facts: string[]; change: string[]; until: string | null }[];
  before: { at: string; words: string }[];
}

const heads = { in: 'is in it', may_enter: 'may enter', out: 'is kept out' };

/** `tendril why-not --campaign K EMAIL` */
export const whyNot = command({
  name: 'why-not',
  description: 'Which rule keeps a lead out of a campaign or holds it back, what it saw, and what would have to change',
  args: {
    lead: { type: 'positional', description: 'Address of the lead', required: true },
    campaign: { type: 'string', description: 'Key of the campaign', required: true, valueHint: 'KEY' },
  },
  async run({ args, client }) {
    const query = `email=${encodeURIComponent(args.lead)}`;
    const found = await client.get<WhyNot>(`/v1/campaigns/${encodeURIComponent(args.campaign)}/why-not?${query}`);
    if (args.json) return sayJson(found);
    say(`${paint('bold', args.lead)} ${heads[found.standing]}: ${found.campaign.name} (${found.campaign.key}, ${found.campaign.state})`);
    for (const { words, facts, change, until } of found.hindrances) {
      say(`- ${words}${until ? paint('dim', ` (${found.standing === 'in' ? 'looked at again' : 'until'} ${moment(until)})`) : ''}`);
      for (const fact of facts) say(`    ${paint('dim', fact)}`);
      for (const line of change) say(`    ${paint('green', '→')} ${line}`);
    }
    for (const { at, words } of found.before) say(paint('dim', `  ${moment(at)}: ${words}`));
  },
});
