import { value } from './value.ts';

/** An alert as people read it: what has happened, and what to do about it. */
export interface ToldAlert {
  title: string;
  text: string;
  mend: string;
}

type Detail = Record<string, unknown>;

const words: Record<string, (about: string, detail: Detail, times: number) => ToldAlert> = {
  lane_stopped: (about, { reason }) => ({
    title: `No ${about} mail leaves`,
    text: `The lane ${about} stands still: ${value(reason)}. Nothing is lost: what is due waits.`,
    mend: `Mend that, then let it go on: POST /v1/lanes/${about}/resume`,
  }),
  mailbox_unread: (about, { reason }) => ({
    title: `The mailbox ${about} cannot be read`,
    text: `${value(reason)}. Answers and bounces that came since are not known here yet; nothing is lost.`,
    mend: 'Look at IMAP_URL: the password may have changed, or the server may be down. It is tried again by itself.',
  }),
  complaint: (about, { source, campaign }, times) => ({
    title: times > 1 ? `${times} people reported mail of ${whose(about)} as spam` : `Somebody reported mail of ${whose(about)} as spam`,
    text: `Told by ${value(source)}${campaign ? ` about a mail of ${value(campaign)}` : ''}. They are out of every campaign, and no mail goes to them any more.`,
    mend: 'Look at who gets this campaign, and how they came to be on the list.',
  }),
  spam_rate: (about, { share, complaints, delivered, span }) => ({
    title: `Complaints about mail from ${about}: ${value(share)}`,
    text: `${value(complaints)} of ${value(delivered)} mails (${value(span)}) were reported as spam. At the next level marketing from this domain is paused by itself.`,
    mend: 'Look at which campaigns people complain about (GET /v1/deliverability), and who was mailed without wanting it.',
  }),
  webhook_disabled: (about, { host, reason }) => ({
    title: `${value(host)} is told nothing any more`,
    text:
      reason === 'gone'
        ? 'It answered 410, gone: so nothing is sent there. What happens is told when it is enabled again.'
        : 'Nothing has arrived there for days, so it was disabled. What happens is told when it is enabled again.',
    mend: `Find out what became of it, then enable it: PATCH /v1/webhooks/${about} with { "state": "enabled" }, or delete it`,
  }),
  webhook_dead: (about, { host, type, reason }, times) => ({
    title: times > 1 ? `${times} messages to ${value(host)} were given up` : `A message to ${value(host)} was given up`,
    text: `The last was ${value(type)}: ${value(reason)}. All attempts are over; it is kept and can be sent again.`,
    mend: `Mend the receiver, then: tendril webhook replay ${about} --dead`,
  }),
  domain_paused: (about, { reason }) => ({
    title: `Marketing from ${about} is paused`,
    text: `${value(reason)}. Confirmations still leave; newsletters and campaigns wait, and nothing is lost.`,
    mend: `Find out who was mailed without wanting it, then let it go on: tendril deliverability resume ${about}`,
  }),
};

const whose = (about: string): string => (about === '' ? 'ours' : `the campaign ${about}`);

/** Tells an alert from its data alone. A kind nobody has taught us to tell is told by its name. */
export function tellAlert({ kind, about, detail, times }: { kind: string; about: string; detail: Detail; times: number }): ToldAlert {
  const told = Object.hasOwn(words, kind) ? words[kind]!(about, detail, times) : null;
  if (told) return told;
  const text = typeof detail['text'] === 'string' ? detail['text'] : about;
  return { title: kind.replaceAll('_', ' '), text, mend: typeof detail['mend'] === 'string' ? detail['mend'] : '' };
}
