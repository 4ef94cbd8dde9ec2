import { signLink } from './links.ts';

/** What the link to a draft says: the draft, and the rep it was made for. */
export interface DraftLink {
  d: string;
  r: string;
}

/** A draft, as far as its rep is told of it. */
interface Drafted {
  id: string;
  rep: { id: string; name: string; timezone: string };
  lead: { name: string; email: string | null; title: string | null; company: string | null };
  leadId: string;
  sequence: { name: string };
  subject: string | null;
  body: string;
  dueAt: Date;
  reminders: number;
  test: boolean;
}

/**
 * The mail that gives a draft to its rep, or reminds them of it, as a row for the ledger. Its link holds while the draft is open and theirs: looking changes
 * nothing, the page's form edits, sends or skips it.
 */
export function draftMail({ publicUrl, secret }: { publicUrl: string; secret: string }, draft: Drafted, kind: 'new' | 'due') {
  const { id, rep, lead, leadId, sequence, subject, body, dueAt, reminders, test } = draft;
  return {
    sendKey: `draft/${id}/${kind === 'new' ? 'new' : `due-${reminders}`}`,
    class: 'internal' as const,
    priority: 80,
    leadId,
    repId: rep.id,
    template: 'draft',
    params: {
      kind,
      rep: { name: rep.name, timezone: rep.timezone },
      to: { name: lead.name, email: lead.email, title: lead.title, company: lead.company },
      sequence: sequence.name,
      subject,
      body,
      dueAt: dueAt.toISOString(),
      draftUrl: `${publicUrl}/draft/${signLink(secret, 'draft', { d: id, r: rep.id } satisfies DraftLink)}`,
    },
    test,
  };
}
