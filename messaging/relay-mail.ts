import type { PassedOn, Refused } from '../domain/inbound/relay.ts';
import { MOST_ATTACHED } from './attachments.ts';
import type { PersonalParams } from './personal.ts';
import type { ReplySettings } from './reply-mail.ts';

/** Names what a rep has written with their own hand: no file of its own, it is made as the letters of sequences are. */
export const REP_ANSWER = 'rep-answer';

/** What the relay makes mails of: a rep's words for the person, and word for the rep where theirs do not go on. */
export function createRelay({ publicUrl }: Pick<ReplySettings, 'publicUrl'>) {
  return { publicUrl, mostAttached: MOST_ATTACHED, passOn: passedOn, refuse: refused };
}

/** The rep's words as a row for the ledger: under their own name and address, in the thread. An answer to what somebody asked: it waits for no window. */
function passedOn({ inboundId, rep, leadId, to, subject, words, thread, attached, test }: PassedOn) {
  return {
    sendKey: `relay/${inboundId}`,
    class: 'transactional' as const,
    priority: 90,
    leadId,
    repId: rep.id,
    sender: `${rep.name.replaceAll(/[<>"]/g, '')} <${rep.email}>`,
    template: REP_ANSWER,
    params: {
      ...({ thread: 'new', subject: answering(subject), text: words, written: true } satisfies PersonalParams),
      relay: { to, subject, thread },
      ...(attached && { attach: inboundId }),
    },
    test,
  };
}

function refused({ inboundId, rep, leadId, to, subject, because, test }: Refused) {
  return {
    sendKey: `relay/${inboundId}/refused`,
    class: 'internal' as const,
    priority: 90,
    leadId,
    repId: rep.id,
    template: 'relay-refused',
    params: { to, subject, because },
    test,
  };
}

const answering = (subject: string): string =>
  /^\s*(re|aw|sv|antw|odp|rif|回复|答复)\s*[:：]/i.test(subject) ? subject : `Re: ${subject}`.trim();
