/** The `sending` document, whole. */
export const sendingExample = `caps:
  - { per: week, max: 3 } # to one person, by all campaigns together
  - { per: day, max: 5, of: account } # to all people of one company
  - { per: month, max: 2, topic: product-news }
complaint: 30d # how long a spam complaint pauses the marketing to the whole company; or ignore
openCase: pause # so does an open service case; or ignore
tracking: on # of clicks and opens; clicks: without opens; off (docs/tracking.md)
`;

/** The `calendar` document, whole. */
export const calendarExample = `hours: { days: mon-fri, from: '08:30', to: '17:00' }
holidays: # or one list of dates for everybody
  all: [2026-12-25]
  DE: [{ date: 2026-10-03, name: Tag der Deutschen Einheit }]
  US: [2026-11-26]
pauses:
  - { from: 2026-07-20, to: 2026-08-02, reason: summer break }
`;

/** What a campaign may say around its steps. */
export const aroundExample = `holdout: 10%
priority: 80
account: { max: 2, overflow: wait }
start: 2026-09-01
end: 2026-12-18
onEnd: exit
sending:
  window: { days: mon-fri, from: '09:00', to: '17:00' }
  timezone: lead
  cap: { per: week, max: 2 }
  rate: 500/h
`;

/** When marketing leaves, and what it waits for: told once for the campaign's keys and the two documents they go with. */
export const sending = `## When mail leaves

A send step asks in this order, and what holds its mail stands in the journal with the reason and until when; then it asks again. Clocks run meanwhile, and
\`notAfter\` of the step says when it is too late. Transactional mail asks none of it.

| what holds it | until |
| --- | --- |
| the lead is with sales | the opportunity is closed |
| marketing to this person is paused (\`POST /v1/leads/{lead}/pause\`) | the moment named, or \`resume\` |
| they have answered a mail of this campaign ([replies](replies.md)) | its owner says what came of it |
| somebody of the company complained of spam, or it has an open service case | 30 days after, or as \`sending.yaml\` says; the case is closed |
| **priority**: the lead is under way in a live marketing campaign with a higher one | it has left that campaign. Equals, paused campaigns and held-out enrolments hold nobody up |
| **account**: \`max\` people of the company are in outreach, which is mailed by this campaign and still in it | one of them has left; with \`overflow: drop\` the lead leaves instead |
| a **cap** is full | the day, week (from Monday) or month is over, in the lead's zone; for an account in the workspace's |
| its place in the throttle (\`rate\`) | that moment: the mail is queued for it, within the window |
| the **window** is shut, it is a public holiday where the lead lives, or a pause of the calendar | it opens: the mail is queued for that |
| the domain it is sent from is new, its marketing is paused, or the recipient's provider is given no more at the moment | its day, its turn ([deliverability](deliverability.md)): asked as the mail leaves |

A mail counts under a cap in the period in which it leaves; one that was cancelled, suppressed or has failed has given its place back. A campaign's own cap counts
its own mails, with \`topic\` those of every campaign on it; the caps of \`sending.yaml\` count all marketing. Two campaigns that ask at once never get the
same room. What was queued before a pause is held at the last look before it leaves. Whatever held a lead is looked at again within a day, even
where nothing woke it.

**Windows** are the lead's own hours, on days on which the clocks change too: nine o'clock is nine by the wall. A country's **holidays** hold windowed mail to leads
who live there (their country, else their phone's, else the workspace's) and are days off where business days are counted, those of the workspace's country.
**Pauses** hold all marketing, \`anytime\` included.

**Held out** leads (\`holdout\`) are drawn by lead and campaign, always the same. They enter and walk the steps without any effect, and
\`GET /v1/campaigns/{key}/holdout\` compares both groups on the goal: each rate with Wilson's interval, the difference with Newcombe's.

Before \`start\` nobody takes a step; who enters earlier waits. After \`end\` nobody enters, and who is in it finishes, or leaves at once with \`onEnd: exit\`.

A campaign may say:

\`\`\`yaml
${aroundExample}\`\`\`

\`sending.yaml\`, for all campaigns together:

\`\`\`yaml
${sendingExample}\`\`\`

\`calendar.yaml\`:

\`\`\`yaml
${calendarExample}\`\`\`
`;
