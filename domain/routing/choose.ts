import type { Absence } from './pool.ts';
import { type Rotation, takeTurns } from './rotation.ts';
import { standInFor, type Standing } from './stand-in.ts';

/** Somebody who may be given leads. */
export interface Person extends Standing {
  name: string;
  skills: readonly string[];
  languages: readonly string[];
}

/** Whether somebody has the skills and speaks the language that are asked for. */
export const knows = (
  person: Pick<Person, 'skills' | 'languages'>,
  { skills = [], language = null }: { skills?: readonly string[]; language?: string | null },
): boolean => skills.every((skill) => person.skills.includes(skill)) && (language === null || person.languages.includes(language));

/** A member of the pool, as far as giving out asks. */
export interface Taker {
  id: string;
  /** Why they may not be given leads for now, and from when on they may (null: no clock says); null: they may. */
  out: { why: Absence; from: Date | null } | null;
  /** How many more of the pool's leads they may be given before they have too many open, or too many today. */
  roomOpen: number;
  roomToday: number;
}

/** A lead that is to be given out. */
export interface Waiting {
  id: string;
  /** Who is to have it by name. */
  askedRepId: string | null;
  /** Who has the account, where no routing rule has said who is to have it. */
  accountOwnerId: string | null;
  /** Who has the account, whoever is to have it. */
  ownerId: string | null;
  /** May have one more than they should have in a day, where nobody else may take it. */
  urgent: boolean;
  /** What whoever gets it must know. */
  skills: readonly string[];
  language: string | null;
  /** It has waited as long as it may. */
  overdue: boolean;
}

export type By = 'rotation' | 'account owner' | 'asked for' | 'stand-in';

/** Who was passed over, by reason: how many, and the first few by name. */
export type Skipped = Partial<Record<Absence | 'skills' | 'had', { n: number; names: string[] }>>;

/** Why this rep, as it stands in the journal; it stays small whatever the size of the pool. */
export interface Because {
  by: By;
  /** Whose stand-in it is. */
  for?: string;
  /** Where it counts: how many share the pool, the part that is the rep's, how many they have been given with this one, how many they are
   * behind their share after it (less than none: ahead). */
  of?: number;
  share?: number;
  given?: number;
  behind?: number;
  skipped?: Skipped;
  /** What was let go of, and why: nobody has the skills, nobody else was within their day, it had waited long enough. */
  despite?: 'nobody_can' | 'full_today' | 'waited';
}

export interface Given {
  repId: string;
  /** In the rotation of the pool. */
  counts: boolean;
  because: Because;
}

/** Nobody may have it for now. */
export interface Unassigned {
  wait: Skipped;
  /** When somebody may, the earliest; null where no clock says it. */
  from: Date | null;
  /** Somebody is there, but without the skills it asks for. */
  lacks: boolean;
}

export type Choice = Given | Unassigned;

/** A pool at an instant. */
export interface Standings {
  /** Active reps, by id. */
  people: ReadonlyMap<string, Person>;
  members: readonly Taker[];
  rotation: Rotation;
  hasHad(opportunityId: string, repId: string): boolean;
}

const NAMED = 5;
const rounded = (n: number): number => Math.round(n * 1_000) / 1_000;

/**
 * Who gets each of a queue, in order: who is asked for by name, else who has the account, else whoever of those who may take it is next in the
 * rotation. What is somebody's by name goes to their stand-in while they are away, whatever the hours and however full they are. What
 * needs skills that no member has goes to anybody rather than wait for ever. What has waited as long as it may goes to whoever is there.
 */
export function choose(
  queue: readonly Waiting[],
  { people, members, rotation, hasHad }: Standings,
): { choices: Choice[]; rotation: Rotation } {
  const takers = new Map(members.map((member) => [member.id, { ...member }]));
  const turns = takeTurns(rotation);
  const isIn = (id: string): boolean => takers.get(id)?.out === null;

  /** Takes room from whoever got one; who is full then takes part no more. */
  function give(id: string): void {
    const taker = takers.get(id);
    if (!taker) return;
    taker.roomOpen--;
    taker.roomToday--;
    const why = taker.roomOpen <= 0 ? 'full' : taker.roomToday <= 0 ? 'full_today' : null;
    // Whoever has enough for today may get another that is urgent, as long as they have not too many open.
    if (why === null || (taker.out && !(taker.out.why === 'full_today' && why === 'full'))) return;
    taker.out = { why, from: null };
    turns.taking(isIn);
  }

  function byName(one: Waiting): Choice | null {
    const named = one.askedRepId ?? (one.accountOwnerId && takers.has(one.accountOwnerId) ? one.accountOwnerId : null);
    const rep = named === null ? null : standInFor(named, people);
    if (!rep || (one.askedRepId === null && hasHad(one.id, rep.id))) return null;
    const by = rep.id !== named ? 'stand-in' : named === one.ownerId ? 'account owner' : 'asked for';
    const counts = takers.has(rep.id);
    if (counts) turns.count(rep.id);
    return { repId: rep.id, counts, because: { by, ...(by === 'stand-in' && { for: people.get(named!)?.name ?? '' }) } };
  }

  /** Who of the members of this mind is next, with what speaks for it; null where there is nobody. */
  function byTurn(may: (id: string) => boolean, because: Pick<Because, 'despite'>, one: Waiting): Choice | null {
    const id = turns.next(may);
    if (id === null) return null;
    const { share, given, behind } = turns.standing(id);
    const skipped = passedOver(one);
    const told = { by: 'rotation', of: takers.size, share: rounded(share), given, behind: rounded(behind), ...because } as const;
    return { repId: id, counts: true, because: { ...told, ...(Object.keys(skipped).length > 0 && { skipped }) } };
  }

  /** The same among others than those who take part for now. */
  function byTurnAmong(
    among: (taker: Taker) => boolean,
    may: (id: string) => boolean,
    because: Because['despite'],
    one: Waiting,
  ): Choice | null {
    turns.taking((id) => among(takers.get(id)!));
    const choice = byTurn(may, { despite: because! }, one);
    turns.taking(isIn);
    return choice;
  }

  function canDo(one: Waiting, id: string): boolean {
    const person = people.get(id);
    return person !== undefined && knows(person, one);
  }

  function choiceOf(one: Waiting): Choice {
    const named = byName(one);
    if (named) return named;
    const asks = one.skills.length > 0 || one.language !== null;
    const known = asks && [...takers.keys()].some((id) => canDo(one, id));
    const fits = (id: string): boolean => !hasHad(one.id, id) && (!known || canDo(one, id));
    const chosen =
      byTurn(fits, asks && !known ? { despite: 'nobody_can' } : {}, one) ??
      (one.urgent ? byTurnAmong(({ out }) => out?.why === 'full_today', fits, 'full_today', one) : null) ??
      (one.overdue
        ? byTurnAmong(
            ({ id }) => people.get(id)?.present === true,
            (id) => !hasHad(one.id, id),
            'waited',
            one,
          )
        : null);
    return chosen ?? waits(one, fits, known);
  }

  function waits(one: Waiting, fits: (id: string) => boolean, known: boolean): Choice {
    const starts = [...takers.values()].flatMap(({ id, out }) => (fits(id) && out?.from ? [out.from.getTime()] : []));
    const full = [...takers.values()].some(({ id, out }) => fits(id) && out !== null && out.from === null && out.why !== 'away');
    // Who is full may have room at any moment, whatever the clock says.
    const from = starts.length > 0 && !full ? new Date(Math.min(...starts)) : null;
    return { wait: passedOver(one), from, lacks: known && [...takers.keys()].some((id) => isIn(id) && !hasHad(one.id, id)) };
  }

  function passedOver(one: Waiting): Skipped {
    const skipped: Skipped = {};
    const asks = one.skills.length > 0 || one.language !== null;
    for (const { id, out } of takers.values()) {
      const why = out?.why ?? (hasHad(one.id, id) ? 'had' : asks && !canDo(one, id) ? 'skills' : null);
      if (why === null) continue;
      const group = (skipped[why] ??= { n: 0, names: [] });
      if (group.n++ < NAMED) group.names.push(people.get(id)?.name ?? '');
    }
    return skipped;
  }

  const choices = queue.map((one) => {
    const choice = choiceOf(one);
    if ('repId' in choice) give(choice.repId);
    return choice;
  });
  return { choices, rotation: turns.rotation() };
}
