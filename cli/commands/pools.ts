import { command } from '../command.ts';
import { paint, say, sayJson, table } from '../output.ts';

interface Pool {
  key: string;
  name: string;
  queued: number;
  held: number;
  partner?: { name: string };
  members: {
    rep: string;
    weight: number;
    given: number;
    owed: number;
    present: boolean;
    out: { why: string; from: string | null } | null;
  }[];
}

const why: Record<string, string> = {
  away: 'away',
  full: 'full',
  full_today: 'full for today',
  hours: 'not at work',
  inactive: 'not active',
};

/** `tendril pools`: who shares what, who is in, and what waits. */
export const pools = command({
  name: 'pools',
  description: 'Who shares which leads, who is in, and what waits for whom',
  async run({ args, client }) {
    const { items } = await client.get<{ items: Pool[] }>('/v1/pools');
    if (args.json) return sayJson(items);
    if (items.length === 0) say('No pool yet: PUT /v1/pools/{key}, or tendril push with a pools.yaml');
    for (const { key, name, queued, held, partner, members } of items) {
      const waiting = queued === 0 ? 'nothing waits' : `${queued} in the queue${held > 0 ? `, ${held} until somebody is in` : ''}`;
      say(`${name} ${paint('dim', `(${key}${partner ? `, of ${partner.name}` : ''}): ${waiting}`)}`);
      const row = ({ rep, weight, given, owed, out }: Pool['members'][number]) => [
        `  ${rep}`,
        weight,
        given,
        owed,
        out ? `${why[out.why] ?? out.why}${out.from ? ` until ${out.from}` : ''}` : 'in',
      ];
      if (members.length > 0) say(table(['  rep', 'weight', 'given', 'owed', 'now'], members.map(row)));
    }
  },
});
