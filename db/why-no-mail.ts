import type { Campaign } from '../domain/campaign/document.ts';
import { topicOf } from '../domain/consent/topics.ts';
import { suppression, type SuppressionKind } from '../domain/delivery/last-look.ts';
import { type Reason, reasons } from '../domain/delivery/reasons.ts';
import { value } from '../domain/words/value.ts';
import { consentGround } from './consents.ts';
import { topicStandings } from './consents-read.ts';
import type { Queryable } from './pool.ts';

/** Why a campaign's mail would not be sent to somebody, though they are in it or may come. */
export interface MailRefusal {
  rule: Reason;
  words: string;
  /** What would have to change. */
  change: string[];
}

/** Looks as the last look before the socket does: the address, then consent to the campaign's topic. Null: nothing speaks against it. */
export async function mailRefusal(
  tx: Queryable,
  { class: kind, topic }: Pick<Campaign, 'class' | 'topic'>,
  leadId: string,
): Promise<MailRefusal | null> {
  const { rows } = await tx.query<{ kind: SuppressionKind; scope: 'marketing' | 'all'; at: Date }>(
    `select s.kind, s.scope, s.at from suppression s join lead l on s.address = l.email where l.id = $1 order by s.scope limit 1`,
    [leadId],
  );
  const [suppressed] = rows;
  const barred = suppression({ class: kind, suppressed: suppressed ?? null });
  if (barred)
    return { rule: barred, words: `its mail would not be sent: ${reasons[barred]}`, change: [afterBar[barred](told(suppressed!.at))] };
  if (kind !== 'marketing' || topic === undefined) return null;
  const standing = (await topicStandings(tx, leadId)).find((one) => one.topic === topic);
  if (!standing?.refusal) return null;
  const name = topicOf((await consentGround(tx)).document, topic)?.name ?? topic;
  return {
    rule: standing.refusal,
    words: `its mail about “${name}” would not be sent: ${reasons[standing.refusal]}`,
    change: [afterRefusal[standing.refusal](standing.since ? told(standing.since) : '')],
  };
}

const told = (at: Date): string => value(at.toISOString());

const afterRefusal = {
  no_consent: () => 'they would have to agree to it: by a form, on their preferences page, or by something they do that implies it',
  consent_pending: (at: string) => `they would have to press the button in the mail they were sent on ${at}`,
  consent_expired: (at: string) => `it ran out on ${at}: they would have to agree anew, or do again what implies it`,
  consent_withdrawn: (at: string) => `they took it back on ${at}: only they can change that, on their preferences page or by a form`,
};

const onlyThey = (at: string): string => `they left all marketing on ${at}: only they can change that, on their preferences page`;
const afterBar = {
  unsubscribed: onlyThey,
  address_dead: (at: string) => `it came back on ${at}: they would have to give another address`,
  complained: (at: string) => `they complained on ${at}: nothing is sent to them any more`,
  suppressed_by_hand: (at: string) => `barred on ${at}: the suppression would have to be lifted`,
};
