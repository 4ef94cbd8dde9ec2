import { span } from '../words/span.ts';
import type { Watched } from './ladder.ts';

/** What is told of a lead that waits. */
export interface AlertFacts {
  /** A rung that tells the managers, one that only alerts, or a broken promise. `again`: it was told before. */
  what: 'manager' | 'alert' | 'breach';
  again: boolean;
  state: Watched;
  name: string;
  company: string | null;
  owner: string;
  pool: string;
  /** Since when they have waited. */
  since: Date;
  now: Date;
  test: boolean;
}

const waiting: Record<Watched, (owner: string, time: string) => string> = {
  offered: (owner, time) => `Offered to ${owner}, and not answered for ${time}.`,
  accepted: (owner, time) => `${owner} took it ${time} ago, and nobody has talked to them yet.`,
  touched: (owner, time) => `${owner} talked to them ${time} ago, and there is no outcome yet.`,
};

/** The message to a chat channel about a lead that waits; in the text that Slack and its like understand. */
export function alertText({ what, again, state, name, company, owner, pool, since, now, test }: AlertFacts): string {
  const head = what === 'breach' ? 'Too late' : again ? 'Still nobody' : 'Waiting';
  const who = `*${plain(name)}*${company ? `, ${plain(company)}` : ''}`;
  const time = span(now.getTime() - since.getTime());
  return `${test ? '[test] ' : ''}${head}: ${who} (${plain(pool)}). ${waiting[state](plain(owner), time)}`;
}

/** The body that incoming webhooks of Slack, Mattermost and Rocket.Chat take. */
export const chatMessage = (text: string): { text: string; blocks: object[] } => ({
  text,
  blocks: [{ type: 'section', text: { type: 'mrkdwn', text } }],
});

/** Names come from outside: nothing in them is a link, a mention or a style. */
export const plain = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/[*_~`@]/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
