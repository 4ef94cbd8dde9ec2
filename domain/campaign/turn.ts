/** Why a mail waits although its step would send it, by the rule that holds it. */
export type Held =
  | { by: 'lead_paused' }
  /** They answered a mail of this campaign, and nobody has said yet what came of it. */
  | { by: 'answered' }
  | { by: 'account_paused'; because: 'complaint' | 'case' }
  | { by: 'priority'; campaign: string }
  | { by: 'account_limit'; max: number }
  | { by: 'cap'; max: number; per: string; of: string; topic: string | null };

/** What the sending rules say of one mail that a step would queue. */
export type Turn =
  | { as: 'held'; held: Held; until: Date }
  /** There is no room for it, and the campaign says to leave then. */
  | { as: 'dropped'; reason: string }
  /** Its place in the campaign's throttle. */
  | { as: 'placed'; at: Date; rate: string };

/** The turns of one enrolment's mails, by send key; a mail without one may go as decided. */
export type Turns = ReadonlyMap<string, Turn>;

/** What an enrolment waits for while its mail is held: another cap period is another reason, told anew. */
export const waitingFor = ({ held, until }: Extract<Turn, { as: 'held' }>): string =>
  `held:${held.by}${held.by === 'cap' ? `:${until.toISOString()}` : ''}`;

/** The reason for people. */
export function heldWords(held: Held): string {
  switch (held.by) {
    case 'lead_paused':
      return 'marketing to this person is paused';
    case 'answered':
      return 'they have answered, and nobody has said yet what came of it';
    case 'account_paused':
      return held.because === 'case' ? 'the company has an open service case' : 'somebody of the company has complained';
    case 'priority':
      return `the campaign ${held.campaign} comes first`;
    case 'account_limit':
      return `${held.max} of the company ${held.max === 1 ? 'is' : 'are'} in outreach already`;
    case 'cap': {
      const whose = held.of === 'account' ? 'to one company' : 'to one person';
      return `no more than ${held.max} ${held.max === 1 ? 'mail' : 'mails'} a ${held.per} ${whose}${held.topic ? ` about ${held.topic}` : ''}`;
    }
  }
}
