import { z } from 'zod';
import { MOST_RETRIES } from '../../calls/call.ts';
import { recipient, recipientOf, type RecipientDocument, recipientWords, unknownRecipient } from '../../tasks/recipient.ts';
import { value } from '../../words/value.ts';
import { fill, fillIssues } from '../fill.ts';
import { type DecideInput, defineStep, type Effect, NEXT } from '../step.ts';
import { aboutLead, webhookUrl } from './payload.ts';
import { stepId } from './step-id.ts';

const schema = z.strictObject({
  id: stepId,
  notify: z.strictObject({
    to: recipient.describe(
      '`owner`, `manager`, the key of a rep or of a pool (everybody in it), an address such as `sales@firm.example`, or a URL that gets a POST (`https://…`; its `text` is what Slack and Teams show)',
    ),
    text: z.string().min(1).max(2_000).describe('what to say, with `{{lead.…}}`, `{{account.…}}`, `{{entry.…}}`'),
    subject: z.string().min(1).max(200).optional().describe('default: the campaign and the lead'),
    template: z.string().optional().describe('an email of your own in place of the usual one; it finds the text in `params.text`'),
  }),
});
type Notify = z.infer<typeof schema>;

const URL_LIKE = /^[a-z][a-z0-9+.-]*:\/\//i;
const isUrl = (to: RecipientDocument): to is string => typeof to === 'string' && URL_LIKE.test(to);
const isAddress = (to: RecipientDocument): to is string => typeof to === 'string' && to.includes('@') && !isUrl(to);

/** Whether it is nobody of the firm's people but an address or a URL. */
export const outside = (to: string): boolean => isUrl(to) || isAddress(to);

/** How long a URL may take, ms. */
const TIMEOUT_MS = 10_000;

/** `{ id: tell, notify: { to: owner, text: … } }`: tell somebody of the firm, and go on at once. */
export const notify = defineStep({
  kind: 'notify',
  schema: () => schema,
  needs: () => ['attributes'],
  lint({ notify: { to, template, text, subject } }, around) {
    const issues = fillIssues([text, subject], around.vocabulary);
    if (isUrl(to)) {
      const wrong = webhookUrl.safeParse(to);
      if (!wrong.success) issues.push({ reason: `'${to}' ${wrong.error.issues[0]!.message}`, mend: 'write the whole address, https://…' });
    } else if (isAddress(to)) {
      if (!z.email().safeParse(to).success) issues.push({ reason: `'${to}' is not an address`, mend: 'write it as name@firm.example' });
    } else {
      const unknown = unknownRecipient(to, around);
      if (unknown) issues.push({ reason: unknown, mend: 'name a pool or a rep of this workspace, owner, manager, an address or a URL' });
    }
    if (template && !around.hasTemplate(template))
      issues.push({ reason: `there is no template '${template}'`, mend: `add templates/${template}.mjml, or leave it out` });
    return issues;
  },
  mail: ({ notify: { to, template } }) =>
    template === undefined || isUrl(to)
      ? null
      : { template, params: { subject: '…', text: '…', campaign: { key: '…', name: '…' } }, class: 'internal' },
  decide: (input) => ({ go: NEXT, effects: [effectOf(input)], because: { rule: 'notify', to: shown(input.step) } }),
  words: (step) => `tell ${shown(step)}`,
  why: { notify: ({ to }) => `told ${value(to)}` },
  about: `Tells somebody of the firm; the campaign does not wait. Mail of this kind is internal: never capped, no unsubscribe link, and windows do not hold it. A
URL gets \`{ text, type: "campaign.notice", timestamp, data }\`, signed and tried again like a \`webhook\`; whether it arrives changes nothing for the lead.`,
  example: `- id: tell
  notify: { to: inside, text: "{{lead.name}} of {{account.name}} asks about prices" }`,
});

const shown = ({ notify: { to } }: Notify): string => (isUrl(to) ? new URL(to).host : recipientWords(to));

function effectOf({ step, enrolment, facts, campaign, now }: DecideInput<Notify>): Effect {
  const { to, text, subject, template } = step.notify;
  const key = `${enrolment.id}/${step.id}/1`;
  const known = { ...facts, entry: enrolment.entry };
  const said = fill(text, known);
  if (isUrl(to)) {
    const about = aboutLead({ step, enrolment, facts, campaign });
    const body = { text: said, type: 'campaign.notice', timestamp: now.toISOString(), data: about };
    const how = { method: 'POST' as const, sets: {}, timeoutMs: TIMEOUT_MS, retries: MOST_RETRIES, awaited: false };
    return { kind: 'call', callKey: key, lane: 'notify', url: to, body, ...how };
  }
  return {
    kind: 'notify',
    noticeKey: key,
    to: isAddress(to) ? { address: to } : recipientOf(to),
    template: template ?? 'notice',
    subject: subject ? fill(subject, known) : `${campaign.name}: ${nameOf(facts.lead)}`,
    text: said,
  };
}

function nameOf(lead: Record<string, unknown>): string {
  const parts = [lead['first_name'], lead['last_name']].filter((part) => typeof part === 'string');
  const name = [lead['name'], parts.join(' '), lead['email'], lead['phone']].find((one) => typeof one === 'string' && one !== '');
  return (name as string | undefined) ?? 'a lead';
}
