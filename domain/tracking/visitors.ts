import { userOf } from './call.ts';

/** Two names of a visitor, told together: `user` is a `user:<id>`, `visitor` an anonymous id or another user. */
export interface Link {
  user: string;
  visitor: string;
  at: Date;
}

/** A visitor's names that are one person: user ids, those that no alias has replaced first, and the anonymous ids they used last. */
export interface Visitor {
  users: string[];
  anonymous: string[];
}

/**
 * Gathers names into visitors. User ids that an alias joined are one person. An anonymous id belongs to the user who used it last,
 * for people share computers; it never joins two users. Names and links may come in any order.
 */
export function gatherVisitors(names: Iterable<string>, links: readonly Link[]): Map<string, Visitor> {
  const parents = new Map<string, string>();
  const root = (name: string): string => {
    let at = name;
    for (let up = parents.get(at); up !== undefined && up !== at; up = parents.get(at)) at = up;
    parents.set(name, at);
    return at;
  };

  const owners = new Map<string, Link>();
  for (const link of links) {
    if (userOf(link.visitor) === null) {
      const owner = owners.get(link.visitor);
      if (!owner || later(link, owner)) owners.set(link.visitor, link);
    } else {
      const [one, other] = [root(link.user), root(link.visitor)];
      // The smaller name is the root, so that the order of links does not matter.
      if (one !== other) parents.set(one < other ? other : one, one < other ? one : other);
    }
  }

  const replaced = new Set(links.map(({ visitor }) => visitor));
  const inForceFirst = (one: string, other: string) => Number(replaced.has(one)) - Number(replaced.has(other)) || (one < other ? -1 : 1);
  const all = new Set([...names, ...links.flatMap(({ user, visitor }) => [user, visitor])]);
  const byRoot = new Map<string, Visitor>();
  const result = new Map<string, Visitor>();
  for (const name of [...all].toSorted(inForceFirst)) {
    const owner = owners.get(name)?.user ?? name;
    const top = root(owner);
    const visitor = byRoot.get(top) ?? { users: [], anonymous: [] };
    byRoot.set(top, visitor);
    (userOf(name) === null ? visitor.anonymous : visitor.users).push(name);
    result.set(name, visitor);
  }
  return result;
}

function later(one: Link, other: Link): boolean {
  const difference = one.at.getTime() - other.at.getTime();
  return difference === 0 ? one.user > other.user : difference > 0;
}

/** A name that a lead is known by already, with the names of all users that the lead is. */
export interface KnownVisitor {
  name: string;
  leadId: string;
  slot: number;
  users: string[];
}

/**
 * The lead a visitor is already: by the first of its user ids that is known, else by an anonymous id, unless that one's
 * lead is known to be another user. Null: nobody yet.
 */
export function knownLead(visitor: Visitor, known: ReadonlyMap<string, KnownVisitor>): KnownVisitor | null {
  const user = visitor.users.find((name) => known.has(name));
  if (user) return known.get(user)!;
  const free = visitor.anonymous.find((name) => known.has(name) && (visitor.users.length === 0 || known.get(name)!.users.length === 0));
  return free ? known.get(free)! : null;
}
