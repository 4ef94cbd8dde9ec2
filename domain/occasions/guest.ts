/** What somebody is to an occasion. Each is also the name of the event that reaching it stores. */
export const guestStates = ['invited', 'registered', 'attended', 'no_show'] as const;
export type GuestState = (typeof guestStates)[number];

/** Whoever came has come: lists that arrive late or twice never take anything back. */
const rank: Record<GuestState, number> = { invited: 0, registered: 1, no_show: 2, attended: 3 };

/** The state of a guest who was `before` (null: nobody yet) and is now told to be `told`. It only goes forward. */
export function guestAfter(before: GuestState | null, told: GuestState): GuestState {
  return before !== null && rank[before] >= rank[told] ? before : told;
}

const words: Record<GuestState, RegExp> = {
  attended:
    /^(attended|attendee|came|present|joined|participated|yes|y|true|1|x|teilgenommen|anwesend|ja|oui|present|si|参加|已参加|出席|是|参加済み?)$/,
  no_show:
    /^(no[ _-]?show|absent|missed|did not attend|not attended|no|n|false|0|nicht teilgenommen|nicht erschienen|nein|non|未参加|缺席|否)$/,
  registered: /^(registered|registration|signed up|confirmed|accepted|angemeldet|inscrit|registrado|已报名|报名|登録済み?)$/,
  invited: /^(invited|invitation sent|eingeladen|invite|invitado|已邀请|招待済み?)$/,
};

/** The state that a cell of an attendee list tells, in the languages of those who keep such lists; null where it tells none. */
export function guestStateOf(cell: string): GuestState | null {
  const said = cell.normalize('NFKC').trim().toLowerCase();
  return guestStates.find((state) => words[state].test(said)) ?? null;
}

const headings =
  /^(attended|attendance|attendee|attendee status|attendance status|attended webinar|status|state|registration status|guest status|participation|teilnahme|teilgenommen|presence|présence|participé|asistencia|参加状态|出席|状态|参加状況)$/;

/** Whether a column of an attendee list says what its rows' people are to the occasion. */
export function isStateHeading(heading: string): boolean {
  return headings.test(
    heading
      .normalize('NFKC')
      .trim()
      .toLowerCase()
      .replaceAll(/[\s_-]+/g, ' '),
  );
}
