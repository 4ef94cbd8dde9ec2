/** The part of the module that `tendril types` writes which is the same everywhere: how conditions are typed. */
export const prelude = `export type Value = string | number | boolean | null | readonly string[];
export type Duration = \`\${number}\${'s' | 'm' | 'h' | 'd' | 'w' | 'mo' | 'bd'}\`;
export type EventName = keyof Events & string;
export type LeadAttribute = keyof LeadAttributes & string;
export type AccountAttribute = keyof AccountAttributes & string;

/** A value is compared as it is, by comparisons that must all hold, or with what the entry brought: \`$entry.occasion\`. */
export type Test<T> = T | null | \`$entry.\${string}\` | Comparisons<T extends readonly (infer One)[] ? One : T>;
export interface Comparisons<T> {
  eq?: T | null | \`$entry.\${string}\`;
  ne?: T | null | \`$entry.\${string}\`;
  gt?: T | string;
  gte?: T | string;
  lt?: T | string;
  lte?: T | string;
  in?: readonly T[];
  contains?: T | string;
  exists?: boolean;
  before?: string;
  after?: string;
  within?: unknown;
}

/** An event of this workspace, with comparisons of the properties it has. */
export type Happened = { [E in EventName]: { event: E; where?: { [P in keyof Events[E]]?: Test<Events[E][P]> } } }[EventName];

export type Attributes = { [K in LeadAttribute as \`lead.\${K}\`]?: Value } & { [K in AccountAttribute as \`account.\${K}\`]?: Value };

export type Condition = {
  all?: Condition[];
  any?: Condition[];
  not?: Condition;
  stage?: Test<'subscriber' | 'lead' | 'mql' | 'sal' | 'sql' | 'customer' | 'advocate' | 'lost' | 'disqualified'>;
  fit?: Test<'A' | 'B' | 'C' | 'D'>;
  engagement?: Test<number>;
  level?: Test<string>;
  score?: Test<string>;
  tag?: string;
  segment?: Segment;
  consent?: Topic | { topic: Topic; state: 'on' | 'off' };
  campaign?: { key: string; state?: 'active' | 'completed' | 'goal' | 'exited' | 'any' };
  opened?: string | { step: string; link?: string; trust?: true };
  clicked?: string | { step: string; link?: string };
  replied?: string | { step: string; link?: string };
  account?: { anyone: Condition };
  since?: 'ever' | 'entry' | 'step' | Duration;
  by?: 'lead' | 'account';
} & { [K in LeadAttribute as \`lead.\${K}\`]?: Test<LeadAttributes[K]> } & {
  [K in AccountAttribute as \`account.\${K}\`]?: Test<AccountAttributes[K]>;
} & ((Happened & { count?: Test<number>; in?: Duration }) | { event?: never; where?: never; count?: never; in?: never });`;
