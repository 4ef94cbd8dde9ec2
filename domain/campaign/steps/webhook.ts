import { z } from 'zod';
import { plus } from '../../calendar/duration.ts';
import { MOST_RETRIES } from '../../calls/call.ts';
import { value } from '../../words/value.ts';
import { fillIssues, fillJson } from '../fill.ts';
import { type DecideInput, defineStep, NEXT, type Outcome, type StepDocument, type StepIssue, type StepList } from '../step.ts';
import { aboutLead, webhookUrl } from './payload.ts';
import { stepId } from './step-id.ts';

const path = z.string().regex(/^[\w-]+(\.[\w-]+)*$/, 'is not a path such as data.id or items.0.name');
const attribute = z.string().regex(/^[a-z][a-z0-9_]{0,62}$/, 'an attribute is lower-case letters, digits and _');

/** What a lead has columns for: who they are is not for an answer to say. */
const THEIR_OWN = new Set(
  'email phone first_name last_name name title company country timezone locale buying_role created_at stage'.split(' '),
);

const schema = (steps: StepList) =>
  z.strictObject({
    id: stepId,
    webhook: z.strictObject({
      url: webhookUrl,
      method: z.enum(['POST', 'PUT', 'PATCH']).default('POST'),
      body: z
        .record(z.string(), z.unknown())
        .optional()
        .describe(
          'the JSON to send; `{{lead.…}}`, `{{account.…}}`, `{{entry.…}}` are filled in, and keep their type where they stand alone. Default: `{ type: "campaign.step", timestamp, data: { campaign, step, enrolment, lead, account, entry, test } }`',
        ),
      set: z.record(attribute, path).optional().describe('attributes of the lead, each with its path in the JSON that is answered'),
      timeout: z
        .string()
        .regex(/^([1-9]|[12]\d|30)s$/, 'is not a time such as 10s, at most 30s')
        .default('10s')
        .describe('how long one attempt may take'),
      retries: z
        .int()
        .min(0)
        .max(MOST_RETRIES)
        .default(MOST_RETRIES)
        .describe('how often it is tried again; all of them together take a day'),
      onFailure: steps
        .optional()
        .describe('steps when it has failed for good; without them the campaign goes on, and the journal says why'),
    }),
  });
type Webhook = z.infer<ReturnType<typeof schema>>;

/** A call that is not settled is looked at again after this, though its settling wakes the enrolment at once. */
const LOOK_AGAIN = '2d';

/**
 * `{ id: crm, webhook: { url: https://crm.firm.example/hook, set: { crm_id: data.id }, onFailure: […] } }`: tell another system, wait until it has
 * answered or cannot be reached for a day, and go on. What it answers may set attributes of the lead.
 */
export const webhook = defineStep({
  kind: 'webhook',
  stops: true,
  schema,
  needs: () => ['call', 'attributes'],
  arms: ({ webhook: { onFailure } }): Record<string, StepDocument[]> => (onFailure ? { failure: onFailure } : {}),
  lint({ webhook: { url, body, set } }, { vocabulary }) {
    const names = Object.keys(set ?? {});
    const issues: StepIssue[] = [
      ...fillIssues(body, vocabulary),
      ...names.flatMap((name) =>
        THEIR_OWN.has(name)
          ? [{ reason: `an answer may not set '${name}'`, mend: 'choose an attribute of your own, such as crm_id' }]
          : (vocabulary?.attribute('lead', name) ?? []),
      ),
    ];
    if (url.startsWith('http:'))
      issues.push({
        level: 'warning',
        reason: 'without https anybody on the way can read it',
        mend: 'use https; production refuses anything else',
      });
    return issues;
  },
  decide(input): Outcome {
    const { step, enrolment, facts, now } = input;
    const callKey = `${enrolment.id}/${step.id}/1`;
    if (enrolment.waiting === `call:${callKey}`) return afterwards(input);
    const { url, method, set = {}, timeout, retries } = step.webhook;
    return {
      stay: plus(now, LOOK_AGAIN, facts.zone, facts.calendar),
      waiting: `call:${callKey}`,
      effects: [
        {
          kind: 'call',
          callKey,
          lane: 'webhook',
          url,
          method,
          body: bodyOf(input),
          sets: set,
          timeoutMs: Number.parseInt(timeout, 10) * 1_000,
          retries,
          awaited: true,
        },
      ],
      because: { rule: 'webhook', host: new URL(url).host },
    };
  },
  words: ({ webhook: { method, url } }) => `${method} to ${new URL(url).host}`,
  why: {
    webhook: ({ host, answered, failed, reason, cancelled }) => {
      if (answered === null) return `${value(host)} would have been called: nothing leaves here`;
      if (answered !== undefined) return `${value(host)} answered ${value(answered)}`;
      if (failed) return `the call to ${value(host)} failed: ${value(reason)}`;
      if (cancelled) return `the call to ${value(host)} was cancelled`;
      return `calls ${value(host)}`;
    },
  },
  about: `Tells another system, and waits for its answer. Requests are signed as [Standard Webhooks](https://www.standardwebhooks.com) says (\`webhook-id\`,
\`webhook-timestamp\`, \`webhook-signature\`; the secret: \`GET /v1/webhooks/secret\`, or one for each host in \`WEBHOOK_SECRETS\`). **At least once**: a request whose answer was lost is
sent again with the same \`webhook-id\`; receivers ignore an id they have seen. Anything 2xx is done. 5xx, 408, 425, 429, a lost connection or no answer in time are
tried again, up to a day; every other answer is final, redirections too, which are never followed. \`set\` reads a JSON answer of at most 64 kB; a path that is not there sets
nothing; an answer that is not JSON is a failure. Private, loopback, link-local and metadata addresses are refused unless \`WEBHOOK_ALLOW\` lists them, and production insists on https.
Each failed attempt stands in the journal and, while it is being tried again, as the error of the enrolment; nobody else waits for it. \`tendril calls retry ID\` makes one again that has failed for good; its lead stays where it is.`,
  example: `- id: crm
  webhook:
    url: https://crm.firm.example/leads
    body: { email: "{{lead.email}}", company: "{{account.name}}", source: trial }
    set: { crm_id: data.id }
    onFailure: [{ id: tell, notify: { to: manager, text: "The CRM does not take {{lead.email}}" } }]`,
});

function bodyOf({ step, enrolment, facts, campaign, now }: DecideInput<Webhook>): unknown {
  const { body } = step.webhook;
  if (body) return fillJson(body, { ...facts, entry: enrolment.entry });
  return { type: 'campaign.step', timestamp: now.toISOString(), data: aboutLead({ step, enrolment, facts, campaign }) };
}

function afterwards({ step, enrolment, facts, now }: DecideInput<Webhook>): Outcome {
  const { call } = facts;
  const { host } = new URL(step.webhook.url);
  switch (call?.state) {
    case 'done':
      return { go: NEXT, at: call.settledAt ?? now, because: { rule: 'webhook', host, answered: call.status } };
    case 'failed': {
      const because = { rule: 'webhook', host, failed: true, reason: call.reason };
      return { go: step.webhook.onFailure ? 'failure' : NEXT, at: call.settledAt ?? now, because };
    }
    case 'cancelled':
    case undefined:
      return { go: NEXT, because: { rule: 'webhook', host, cancelled: true } };
    default:
      return {
        stay: plus(now, LOOK_AGAIN, facts.zone, facts.calendar),
        waiting: enrolment.waiting,
        because: { rule: 'webhook', host, reason: call!.reason },
      };
  }
}
