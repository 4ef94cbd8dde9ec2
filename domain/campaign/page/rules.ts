/** What holds of every campaign and stands in no schema: the end of the page. */
export const rules = `## Rules

- **Every step has an \`id\`**, unique in the campaign and kept for life: it is the name in counts, in the keys of mails, in the journal and when people are
  moved to another version. Arms go on with the step after their parent unless they end in \`exit\`.
- **Durations**: \`30s 15m 4h 2d 1w 1mo\`, business days \`2bd\`. Days are calendar days in the lead's zone: the one known of the lead, else that of the
  phone's country, else of the country (where it has only one), else the workspace's.
- **Goal** counts events after entry; reaching it runs \`then\` and ends. **exitWhen** is looked at on every change of the lead and before every mail.
- **Just before a mail leaves** suppression, consent, exclusion, \`exitWhen\`, goal, pause, window and \`notAfter\` are looked at again; a mail that fails is
  \`cancelled\` with the reason, and its enrolment goes on without it, or ends where the address is dead or everything was refused. A mail whose fate nobody
  knows (\`unknown\`) holds its enrolment for a day, is never sent again blindly, and is flagged.
- **Classes**: \`transactional\` ignores windows, caps and marketing consent, never the suppression of dead addresses; \`internal\` mail (to reps) is never
  capped nor unsubscribed; \`marketing\` obeys all.
- **Re-entry**: nobody is in a campaign twice at once, unless \`reentry: { key: occasion }\` tells their enrolments apart by a property of what brought them in.
- **An opportunity pauses** the lead's marketing while it is open, unless the handoff said \`nurture: continue\`.
- **Pause and resume**: clocks run on. \`resume\` asks what to do with what fell due: \`send\` it, \`skip\` it (who would have entered meanwhile is left out
  too), or \`spread\` it over a while.
- **Versions** are immutable. A newer one takes newcomers; those under way stay on theirs, or are moved (below).
- **Names** are checked: templates, topics, pools and segments always, attributes and events where the workspace declares them (\`attributes.yaml\`,
  \`events.yaml\`). The lint tells the name that was probably meant.

## The life of a campaign

| what | how |
| --- | --- |
| lint | \`tendril campaign lint FILE\`: where, why, and what to do instead |
| test send | \`tendril campaign test KEY --to me@firm.example\`: every mail, as it reads for a lead, marked, to one address; it counts as nothing of the lead's |
| dry run | \`tendril campaign dry-run KEY\` (or a file): who would enter now, who will by dates and schedules (\`--ahead 30d\`), the first 100 of each, and why not the rest, by the rules that will decide |
| rehearse | \`tendril campaign rehearse KEY --to me@firm.example --speed 1d=10s\`: the real engine beside the running one, with a clock of its own and one invented lead |
| launch | \`tendril campaign launch FILE\`: a new version takes newcomers from now on; with a KEY instead, the newest that is stored |
| why, why not | \`tendril why-not --campaign KEY EMAIL\`: which rule keeps somebody out or holds them back, what it saw, what would have to change; \`GET /v1/leads/{lead}/why\`: what was decided, and why |
| pause, resume | \`tendril campaign pause KEY\`, \`tendril campaign resume KEY --overdue spread:2h\`; clocks run meanwhile, and what happened counts. \`skip\` leaves out the mails that fell due and whoever would have entered, and goes on as if they had gone; \`send\` does it all at once; \`spread\` strews it, newcomers too. One step alone: \`POST /v1/campaigns/{key}/steps/{step}/pause\` |
| change | launch the next version, then \`tendril campaign migrate KEY --from 1 --to 2 --map old=fresh\`, previewed, and with \`--apply\` done: on the same step people keep their time and what they wait for; on another they have just come; where somebody would be lost nobody is moved |
| archive | \`tendril campaign archive KEY\`: nobody enters, everybody leaves, queued mail is cancelled |

## A workspace is a folder

\`attributes.yaml\` (typed attributes of leads and accounts), \`events.yaml\` (typed properties), \`forms/\`, \`segments/\`, \`campaigns/\`, \`scoring.yaml\`,
\`standard.yaml\`, \`sla.yaml\`, \`topics.yaml\`, \`calendar.yaml\`, \`sending.yaml\`, \`deliverability.yaml\`, \`reps.yaml\`, \`pools.yaml\`. \`tendril diff DIR\` tells what a push would change;
\`tendril push DIR\` stores all of it or, with one error, nothing: nothing is deleted and no campaign launched. \`tendril pull DIR\` writes the files anew that
say something else; a file that says the same stays as it is, comments and all. Emails are documents like the others (\`templates/*.mjml\`, see templates/README.md); \`tendril template lint\` looks into them.

\`tendril types DIR\` writes \`DIR/tendril.ts\`. With it a campaign may be written in TypeScript (\`DIR/campaigns/trial.ts\`), and one that names a template,
event, attribute, topic, pool or segment that is not there does not compile:

\`\`\`ts
import { defineCampaign } from '../tendril.ts';

export default defineCampaign({
  key: 'trial',
  name: 'Trial',
  topic: 'product-news',
  entry: { event: 'form_submitted', where: { form: 'trial' } },
  steps: [{ id: 'hello', send: 'welcome' }],
});
\`\`\`
`;
