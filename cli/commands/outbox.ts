import { command } from '../command.ts';
import { say, sayJson, table } from '../output.ts';

interface Mail {
  at: string;
  to: string;
  subject: string | null;
}

/** `tendril outbox`: what the capture transport received. */
export const outbox = command({
  name: 'outbox',
  description: 'Mail that was captured instead of sent, newest first',
  args: {
    to: { type: 'string', description: 'Only what went to this address', valueHint: 'ADDRESS' },
    limit: { type: 'string', description: 'How many', default: '20', valueHint: 'N' },
  },
  async run({ args, client }) {
    const query = new URLSearchParams({ limit: args.limit, ...(args.to !== undefined && { to: args.to }) });
    const { items } = await client.get<{ items: Mail[] }>(`/v1/outbox?${query.toString()}`);
    if (args.json) return sayJson(items);
    say(
      items.length === 0
        ? 'Nothing was captured yet.'
        : table(
            ['when', 'to', 'subject'],
            items.map((mail) => [mail.at.slice(0, 16).replace('T', ' '), mail.to, mail.subject ?? '–']),
          ),
    );
    say(`See them at ${client.url}/outbox`);
  },
});
