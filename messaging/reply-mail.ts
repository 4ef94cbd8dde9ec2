import type { Answer } from '../domain/inbound/answer.ts';
import { RELAY_LINE } from '../domain/inbound/relayed.ts';
import type { TaskCard } from '../domain/tasks/card.ts';
import { outcomeWords } from '../domain/tasks/task.ts';
import { MOST_ATTACHED } from './attachments.ts';
import { signLink } from './links.ts';
import type { TaskLink } from './task-mail.ts';
import { storable } from '../domain/storable.ts';

/** What mails about answers are made with. */
export interface ReplySettings {
  publicUrl: string;
  secret: string;
  /** Domain whose mail comes to us; without it reps write to people themselves. */
  inboundDomain?: string | undefined;
}

/** What the link to an answer as it came says. */
export interface OriginalLink {
  /** Id of the mail that came in. */
  i: string;
}

/** Beyond this an answer is read where it came in. */
const LONGEST = 10_000;
const MOST_ATTACHMENTS = 20;

/**
 * The mail that brings an answer to the owner of its task, as a row for the ledger: what they wrote, the task's link, the whole mail with its
 * attachments behind a link of its own. To answer it is to answer them: through us (`relay`) where they answered a mail under the owner's own name.
 */
export function replyMail({ publicUrl, secret, inboundDomain }: ReplySettings, task: TaskCard, answer: Answer) {
  const { inboundId, said, from, subject, answered, attachments, held, kept, relay } = answer;
  const attached = kept && attachments.length > 0 && attachments.reduce((sum, one) => sum + one.size, 0) <= MOST_ATTACHED;
  const { owner, name, role, phone, company, country, fit, engagement, campaign } = task;
  return {
    sendKey: `reply/${inboundId}`,
    class: 'internal' as const,
    priority: 90,
    leadId: task.leadId,
    repId: owner.id,
    template: 'reply-received',
    params: {
      rep: { name: owner.name, timezone: owner.timezone },
      from,
      ...(relay && inboundDomain ? { relay: { to: from, subject, thread: relay }, line: RELAY_LINE } : { writeBackTo: from }),
      ...(relay && attached && { attach: inboundId }),
      subject,
      answered,
      excerpt: storable(said.replaceAll(/\s+/g, ' '), 120),
      said: storable(said, LONGEST),
      cut: said.length > LONGEST,
      attachments: attachments.slice(0, MOST_ATTACHMENTS).map((one) => ({ name: one.name ?? 'without a name', size: sizeWords(one.size) })),
      card: { name, role, email: task.email, phone, company, country, fit, engagement },
      campaign: held ? campaign : null,
      outcomes: task.outcomes.map(outcomeWords),
      taskUrl: `${publicUrl}/task/${signLink(secret, 'task', { t: task.id, r: owner.id } satisfies TaskLink)}`,
      ...(kept && { originalUrl: `${publicUrl}/original/${signLink(secret, 'original', { i: inboundId } satisfies OriginalLink)}` }),
    },
    test: task.test,
  };
}

function sizeWords(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
