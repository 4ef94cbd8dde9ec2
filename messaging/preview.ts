import type { MailRep, MailWorkspace } from '../domain/delivery/mail.ts';
import { readMail } from './template-lint/lint.ts';
import { SAMPLE_LINKS, sampleView } from './template-lint/sample.ts';
import type { CompiledMail } from './compile-mail.ts';
import { fill, type RenderedMail } from './templates.ts';
import type { Mailbox } from './transports/transport.ts';

/** For whom a mail is tried out. */
export interface PreviewReader {
  lead: Record<string, unknown>;
  account: Record<string, unknown>;
  owner: MailRep | null;
}

export interface PreviewOptions {
  workspace: MailWorkspace;
  sender: Mailbox;
  /** What a campaign's step gives it. */
  params: Record<string, unknown>;
  campaign: { key: string; name: string } | null;
  /** Null: somebody invented, of whom all is known that the mail asks for. */
  reader: PreviewReader | null;
  /** On paper nobody unsubscribes by a link. */
  links: boolean;
}

/** A mail as it would read for somebody. Its links lead where their author meant them to, and nothing is counted. Throws, naming the variable, when something has no value. */
export function preview(mail: CompiledMail, { workspace, sender, params, campaign, reader, links }: PreviewOptions): RenderedMail {
  const given = reader
    ? { lead: reader.lead, account: reader.account, params, ...(reader.owner && { owner: reader.owner }) }
    : sampleView(readMail(mail).uses, { params, bare: false });
  const view = {
    ...given,
    workspace,
    sender,
    ...(campaign && { campaign }),
    ...(links ? SAMPLE_LINKS : { unsubscribeUrl: null, preferencesUrl: null }),
  };
  return fill(mail, view, (_, url) => url);
}
