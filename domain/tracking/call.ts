/** One of Segment's calls, read and checked. Each becomes one event. */
export interface Call {
  type: CallType;
  /** The sender's id of this message: seen once, it is never stored again. Null where none was given. */
  messageId: string | null;
  userId: string | null;
  anonymousId: string | null;
  /** Of `alias`: the user id or anonymous id that the person had before. */
  previousId: string | null;
  groupId: string | null;
  /** Name of the event it becomes. */
  event: string;
  properties: Record<string, unknown>;
  traits: Record<string, unknown>;
  context: Record<string, unknown>;
  /** How long before it was sent it happened, ms by the sender’s own clock; never negative, and nothing when absurdly long. */
  ageMs: number;
}

export const callTypes = ['track', 'identify', 'group', 'page', 'screen', 'alias'] as const;
export type CallType = (typeof callTypes)[number];

/** Said of somebody at some time. Lists of these are kept oldest first. */
export type Said = Pick<Call, 'type' | 'userId' | 'groupId' | 'traits' | 'context'>;

const USER = 'user:';

/** The name under which a visitor's events are kept: `user:<id>` where a user id was told, else the anonymous id. */
export function visitorOf({ userId, anonymousId }: Pick<Call, 'userId' | 'anonymousId'>): string {
  return userId === null ? anonymousId! : visitorOfUser(userId);
}

export function visitorOfUser(userId: string): string {
  return USER + userId;
}

/** The user id in a visitor's name, or null when it is an anonymous id. */
export function userOf(visitor: string): string | null {
  return visitor.startsWith(USER) ? visitor.slice(USER.length) : null;
}
