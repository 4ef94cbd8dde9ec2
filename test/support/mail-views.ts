/** Plausible variables for every mail that ships with Tendril, to render and to look at. */
const card = {
  name: 'Mei Wang',
  title: 'Head of Maintenance',
  email: 'mei.wang@huadong-water.example',
  phone: '+862161234567',
  company: 'Huadong Water Treatment Co.',
  country: 'CN',
  domain: 'huadong-water.example',
  fit: 'A',
  engagement: 64,
  level: 'hot',
  message: 'We replace eleven slurry pumps in spring.\nCould somebody call about lead times?',
  productLine: null,
  others: 2,
  why: 'Meets the qualification standard: fit A, engagement 64.',
  routed: 'Routed by ‘The Nordics’.',
};
const rep = { name: 'Ana Ruiz', timezone: 'Europe/Madrid' };
const links = { acceptUrl: 'http://localhost:4000/o/accept', rejectUrl: 'http://localhost:4000/o/reject' };
const since = '2026-03-02T09:05:00.000Z';

export const shippedParams: Record<string, Record<string, unknown>> = {
  'form-confirmation': {},
  'rep-lead-card': { rep, card, ...links, kind: 'offer', owner: null },
  'rep-nudge': { rep, card, ...links, caseUrl: null, state: 'offered', since, back: false },
  'manager-escalation': { rep, card, state: 'offered', since, owner: 'Ben Okafor', again: false },
  'sla-breach': { rep, card, state: 'accepted', since, owner: 'Ben Okafor' },
  task: {
    rep,
    card: { ...card, role: card.title },
    kind: 'new',
    title: 'Call Mei Wang about the trial',
    dueAt: '2026-03-04T09:00:00.000Z',
    campaign: 'Trial nurture, industrial pumps',
    details: 'She asked for the curves of the CX-200.',
    taskUrl: 'http://localhost:4000/task/token',
  },
  draft: {
    rep,
    kind: 'new',
    to: { name: 'Mei Wang', email: card.email, title: card.title, company: card.company },
    sequence: 'First contact',
    subject: 'Your question about slurry pumps',
    body: 'Dear Mei,\n\nshall we talk this week?\n\nAna Ruiz',
    dueAt: '2026-03-04T09:00:00.000Z',
    draftUrl: 'http://localhost:4000/draft/token',
  },
  'reply-received': {
    rep,
    from: { name: 'Mei Wang', address: card.email },
    writeBackTo: { name: 'Mei Wang', address: card.email },
    subject: 'Re: How slurry pumps wear',
    answered: 'How slurry pumps wear',
    excerpt: 'Thank you. Could somebody call me about lead times?',
    said: 'Thank you.\n\nCould somebody call me about lead times?',
    cut: false,
    attachments: [{ name: 'pump-list.pdf', size: '120 kB' }],
    card: { ...card, role: card.title },
    campaign: 'Trial nurture, industrial pumps',
    outcomes: ['Continue campaign', 'End campaign'],
    taskUrl: 'http://localhost:4000/task/token',
    originalUrl: 'http://localhost:4000/original/token',
  },
  notice: {
    subject: 'Trial nurture: Mei Wang',
    text: 'Mei Wang of Huadong Water Treatment Co. asks about prices.',
    campaign: { key: 'trial', name: 'Trial nurture, industrial pumps' },
  },
  'queue-unstaffed': { rep, pool: 'Inside sales', waiting: 3 },
  'partner-returned': { rep, card, partner: 'Pumpen Nord', pool: 'Inside sales', late: false, by: 'Ole Lund', note: 'Too far away' },
  'vip-lead': { rep, name: 'Mei Wang', company: 'Huadong Water Treatment Co.', pool: 'Key accounts', rule: 'large-firms' },
  'routing-conflict': { id: '1', kind: 'account_owner', account: 'Huadong Water Treatment Co.', rep: 'Ana Ruiz', other: 'Ben Okafor' },
  'internal-handover': {
    left: 'Leo Brandt',
    rep,
    accounts: { count: 22, names: ['Huadong Water Treatment Co.', 'Ostara Pumps'], more: 20 },
    opportunities: { count: 1, names: ['Mei Wang, Huadong Water Treatment Co.'], more: 0 },
    tasks: { count: 0, names: [], more: 0 },
    sequences: { count: 0, names: [], more: 0 },
    dayUrl: 'http://localhost:4000/day/token',
  },
  'rep-changed': { left: 'Leo Brandt', now: { name: 'Ana Ruiz', email: 'ana@ostara.example', title: null } },
  'internal-day': {
    rep,
    date: '2026-03-02',
    count: 2,
    sections: [
      { title: 'Offered to you: yours if you take it', total: 1, more: 0, rows: [{ what: 'Mei Wang', about: 'Huadong', at: since }] },
      { title: 'Today', total: 12, more: 11, rows: [{ what: 'Call about the trial', about: null, at: null }] },
    ],
    dayUrl: 'http://localhost:4000/day/token',
  },
  'internal-review-overdue': {
    breached: false,
    count: 2,
    submissions: [
      { id: '1', form: 'website', reason: 'no usable email or phone', receivedAt: since },
      { id: '2', form: 'demo', reason: null, receivedAt: since },
    ],
  },
};

/** What a mail's template sees, as messaging/render.ts makes it. */
export function viewOf(params: Record<string, unknown>): object {
  return {
    workspace: { name: 'Ostara Pumps', postalAddress: 'Hafenstraße 12, 20457 Hamburg', timezone: 'Europe/Berlin' },
    params,
    lead: { first_name: 'Mei', last_name: 'Wang', email: card.email, company: card.company },
    account: { name: card.company },
    rep: { name: rep.name, email: 'ana@ostara.example', title: null },
    sender: { name: 'Ostara Pumps', address: 'hello@ostara.example' },
  };
}
