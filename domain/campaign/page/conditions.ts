/** A leaf of conditions or a comparison: written, and when it holds. A test lints each. */
export interface Written {
  example: string;
  holds: string;
}

export const leaves: readonly Written[] = [
  {
    example: '{ lead.country: { in: [DE, AT] } }',
    holds: 'the attribute of the lead passes; `lead.` takes its own columns too: email, title, company, country, buying_role, created_at …',
  },
  { example: '{ account.employees: { gte: 500 } }', holds: 'the attribute of its company passes' },
  { example: '{ stage: { in: [mql, sal] } }', holds: 'the stage of the lifecycle is one of these' },
  { example: '{ fit: { gte: C } }', holds: 'the grade passes; grades go up from D to A' },
  { example: '{ engagement: { gte: 40 }, level: hot }', holds: 'engagement, as it is now, and its level' },
  { example: '{ score: A-hot }', holds: 'the cell of fit and level is this one' },
  { example: '{ tag: vip }', holds: 'they have the tag' },
  { example: '{ segment: competitors }', holds: 'they are in the segment' },
  { example: '{ consent: product-news }', holds: 'the newest word on the topic is yes; `{ topic, state: off }`: it is no' },
  {
    example: '{ campaign: { key: another-campaign, state: active } }',
    holds: 'they are (or were) in that campaign: active, completed, goal, exited, any',
  },
  {
    example: '{ event: pricing_viewed, where: { page: prices }, count: { gte: 2 }, in: 7d }',
    holds: 'it happened so often (once, without `count`); `in` is back from now; `since`: ever (default), entry, step',
  },
  { example: '{ event: attended, where: { occasion: $entry.occasion } }', holds: 'a property is what the entry brought with it' },
  {
    example: '{ clicked: { step: hello, link: pricing } }',
    holds:
      'in this enrolment; `opened` and `replied` alike; `any` names every mail. In a segment, and before entering, there is only `any`: whatever mail of ours, ever. The unsubscribe link is not a click, nor is what a scanner follows; an open that no machine is known to be behind may still be one, so `opened` is worth a warning unless it says `{ step, trust: true }`',
  },
  { example: '{ account: { anyone: { replied: any } } }', holds: 'it holds of somebody of the company, the lead included' },
  { example: '{ event: demo_booked, by: account }', holds: 'somebody of the company did it' },
  {
    example: '{ since: entry, any: [{ clicked: any }, { event: page_viewed }] }',
    holds: 'one of them holds, all of them counted since entry',
  },
  { example: '{ all: [{ tag: vip }, { not: { stage: customer } }] }', holds: 'all of them; keys of one object are `all` too' },
];

export const comparisons: readonly Written[] = [
  { example: '{ lead.country: DE }', holds: 'a bare value is `eq`. Text is compared without regard to case' },
  { example: '{ lead.country: { ne: DE } }', holds: 'it is something else, or not known' },
  { example: '{ lead.seats: { gt: 10, lte: 50 } }', holds: '`gt gte lt lte` of numbers, grades and texts; several keys must all hold' },
  { example: '{ lead.country: { in: [DE, AT, CH] } }', holds: 'it is one of these' },
  { example: '{ lead.title: { contains: engineer } }', holds: 'the text has it within, or the list has it' },
  { example: '{ lead.phone: { exists: true } }', holds: 'it is known' },
  {
    example: '{ lead.trial_ends: { before: 2026-12-24 } }',
    holds: '`before` and `after` take a date, a date and time, `now`, `now+7d`, `now-30d`, or `$entry.…`',
  },
  {
    example: '{ lead.trial_ends: { within: { next: 7d } } }',
    holds: 'the date is in the next (or `last`) so long; a bare duration means the last',
  },
];
