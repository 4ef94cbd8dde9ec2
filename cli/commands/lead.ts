import type { Client } from '../client.ts';
import { command, group } from '../command.ts';
import { Failure } from '../failure.ts';
import { paint, say, sayJson } from '../output.ts';

interface Lead {
  id: string;
  email: string | null;
  phone: string | null;
  name: string | null;
  title: string | null;
  company: string | null;
  stage: string;
  test: boolean;
  pausedAt: string | null;
  pausedUntil: string | null;
  untrackedAt: string | null;
  account: { name: string | null; domain: string | null } | null;
  enrolments: {
    campaign: { name: string };
    state: string;
    stepId: string;
    dueAt: string | null;
    endReason: string | null;
    error: string | null;
  }[];
  opportunities: { state: string; owner: string | null }[];
  consents: { topic: string; state: string }[];
}
interface Rule {
  words: string;
  given: number;
}
interface Score {
  words: string;
  fit: { rules: Rule[] };
  engagement: { rules: Rule[] };
}
interface Reason {
  at: string;
  words: string;
  facts: string[];
}

const REASONS = 10;

const show = command({
  name: 'show',
  description: 'A lead: who it is, its score and why, where it stands, and the latest decisions',
  args: { lead: { type: 'positional', description: 'Its email address or id', required: true } },
  async run({ args, client }) {
    const { lead, score, reasons } = await read(client, args.lead);
    if (args.json) return sayJson({ lead, score, why: reasons });
    tellLead(lead);
    tellScore(score);
    say();
    say(paint('bold', 'Why'));
    for (const { at, words, facts } of reasons) {
      say(`  ${paint('dim', at.slice(0, 16).replace('T', ' '))}  ${words}`);
      for (const fact of facts) say(`                    ${paint('dim', fact)}`);
    }
    if (reasons.length === 0) say('  nothing was decided yet');
  },
});

async function read(client: Client, name: string): Promise<{ lead: Lead; score: Score; reasons: Reason[] }> {
  const lead = await client.get<Lead>(`/v1/leads/${encodeURIComponent(name)}`);
  const [score, { items: reasons }] = await Promise.all([
    client.get<Score>(`/v1/leads/${lead.id}/score`),
    client.get<{ items: Reason[] }>(`/v1/leads/${lead.id}/why?limit=${REASONS}`),
  ]);
  return { lead, score, reasons };
}

function tellLead(lead: Lead): void {
  const row = (name: string, value: string | null): void => (value ? say(`  ${name.padEnd(12)} ${value}`) : undefined);
  say(paint('bold', lead.name ?? lead.email ?? lead.phone ?? lead.id) + (lead.test ? ' (test)' : ''));
  row('Id', lead.id);
  row('Email', lead.email);
  row('Phone', lead.phone);
  row('Title', lead.title);
  row('Company', [lead.account?.name ?? lead.company, lead.account?.domain].filter(Boolean).join(', '));
  row('Stage', lead.stage);
  row('Marketing', lead.pausedAt && pausedWords(lead));
  row('Tracking', lead.untrackedAt && `clicks and opens are not noted since ${lead.untrackedAt.slice(0, 10)}`);
  row('Consents', lead.consents.map(({ topic, state }) => consentWords(topic, state)).join('  '));
  for (const { campaign, state, stepId, dueAt, endReason, error } of lead.enrolments) {
    const where =
      state === 'active'
        ? `at ${stepId}${dueAt ? `, next look ${dueAt.slice(0, 16).replace('T', ' ')}` : ''}`
        : `${state}${endReason ? ` (${endReason})` : ''}`;
    row('Campaign', `${campaign.name}: ${where}${error ? `, ${paint('red', error)}` : ''}`);
  }
  for (const { state, owner } of lead.opportunities) row('With sales', `${state}${owner ? `, ${owner}` : ''}`);
}

function tellScore(score: Score): void {
  say();
  say(`${paint('bold', 'Score')}  ${score.words}`);
  for (const { given, words } of [...score.fit.rules, ...score.engagement.rules]) {
    if (given !== 0) say(`  ${`${given > 0 ? '+' : ''}${Math.round(given * 10) / 10}`.padStart(6)}  ${words}`);
  }
}

const consentWords = (topic: string, state: string): string =>
  state === 'granted' ? `✓ ${topic}` : state === 'withdrawn' ? `✗ ${topic}` : `○ ${topic} (${state})`;

const pausedWords = ({ pausedUntil }: Lead): string =>
  `paused ${pausedUntil ? `until ${pausedUntil.slice(0, 16).replace('T', ' ')} UTC` : 'until it is resumed'}`;

const who = { type: 'positional', description: 'Its email address or id', required: true } as const;
const told = (lead: Lead): string => `${lead.email ?? lead.id}: marketing ${lead.pausedAt ? pausedWords(lead) : 'goes on'}`;

const pause = command({
  name: 'pause',
  description: 'Stop marketing to one person, until a moment or until it is resumed; confirmations still go',
  args: { lead: who, until: { type: 'string', description: 'When it goes on by itself: 2026-12-01T09:00:00Z', valueHint: 'MOMENT' } },
  async run({ args, client }) {
    const found = await client.post<Lead>(`/v1/leads/${encodeURIComponent(args.lead)}/pause`, args.until ? { until: args.until } : {});
    if (args.json) return sayJson(found);
    say(told(found));
  },
});

const resume = command({
  name: 'resume',
  description: 'Marketing to a paused person goes on',
  args: { lead: who },
  async run({ args, client }) {
    const found = await client.post<Lead>(`/v1/leads/${encodeURIComponent(args.lead)}/resume`);
    if (args.json) return sayJson(found);
    say(told(found));
  },
});

const tracking = command({
  name: 'tracking',
  description: 'Whether what one person does with our mail is noted: on or off',
  args: { lead: who, noted: { type: 'positional', description: 'on or off', required: true } },
  async run({ args, client }) {
    if (args.noted !== 'on' && args.noted !== 'off') throw new Failure(`'${args.noted}' is neither on nor off`);
    const found = await client.put<Lead>(`/v1/leads/${encodeURIComponent(args.lead)}/tracking`, { tracked: args.noted === 'on' });
    if (args.json) return sayJson(found);
    say(`${found.email ?? found.id}: clicks and opens are ${found.untrackedAt ? 'not noted' : 'noted'}`);
  },
});

/** `tendril lead …` */
export const lead = group('lead', 'Look at a lead, or pause the marketing to it', { show, pause, resume, tracking });
