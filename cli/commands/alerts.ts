import { command } from '../command.ts';
import { paint, say, sayJson } from '../output.ts';

interface Alerts {
  items: { title: string; text: string; mend: string; times: number; raisedAt: string; closedAt: string | null }[];
}

/** `tendril alerts`: what a person should know of and may have to mend. */
export const alerts = command({
  name: 'alerts',
  description: 'What needs a look: lanes that stand still, complaints',
  args: { all: { type: 'boolean', description: 'Those that are over, too', default: false } },
  async run({ args, client }) {
    const found = await client.get<Alerts>(`/v1/alerts?open=${args.all ? 'false' : 'true'}`);
    if (args.json) return sayJson(found);
    if (found.items.length === 0) say(`${paint('green', '✓')} Nothing needs a look.`);
    for (const { title, text, mend, raisedAt, closedAt } of found.items) {
      say(
        `${closedAt ? paint('dim', '•') : paint('red', '✗')} ${title} ${paint('dim', `since ${raisedAt}${closedAt ? `, over ${closedAt}` : ''}`)}`,
      );
      say(`    ${text}`);
      if (mend) say(`    ${paint('dim', `→ ${mend}`)}`);
    }
  },
});
