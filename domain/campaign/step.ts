import type { z } from 'zod';
import type { CallFact } from '../calls/call.ts';
import type { Calendar } from '../calendar/calendar.ts';
import type { Condition, ConditionDocument, Leaf } from '../conditions/condition.ts';
import type { Evidence, LeadFacts } from '../conditions/evaluate.ts';
import type { TaskKind } from '../tasks/kinds.ts';
import type { Recipient } from '../tasks/recipient.ts';
import type { TaskFact } from '../tasks/task.ts';
import type { Move } from '../lifecycle.ts';
import type { Mode } from '../sequences/rules.ts';
import type { Vocabulary } from '../workspace/vocabulary.ts';
import type { Campaign } from './document.ts';
import type { People } from './people.ts';
import type { Experiment } from './split.ts';
import type { Turns } from './turn.ts';

/** A step as it stands in a parsed document: its id, and the keys of its kind. */
export interface StepDocument {
  id: string;
  [key: string]: unknown;
}

/** Where somebody stands in a campaign. */
export interface Position {
  stepId: string;
  /** When this step was reached: a wait counts from here. */
  arrivedAt: Date;
  /** What it waits for besides time, e.g. `send:<key>`; null when only for time. */
  waiting: string | null;
}

export interface EnrolmentView extends Position {
  id: string;
  leadId: string;
  enteredAt: Date;
  goalAt: Date | null;
  seq: number;
  entry: Record<string, unknown>;
  test: boolean;
  /** Held out: it walks through the steps, and none has an effect. */
  holdout?: boolean;
  /** Of a run of a sequence: a person has paused it. */
  pausedAt?: Date | null;
}

/**
 * Facts that only some kinds of step look at: loaded (db/step-facts) when a step within reach `needs` them, absent otherwise. A kind that
 * wants another adds a key here and a loader there.
 */
export interface StepFacts {
  /** Arms that have won their splits, by step id and definition of the experiment (`experimentKey`). */
  winners?: Record<string, string>;
  /** Dates of what the entry names, by reference: `occasion.starts_at`, `contract.ends_at`. A date that is not known is not there. */
  dates?: Record<string, Date>;
  /** All attributes of the lead and its company, for steps that name them outside of a condition; they take the place of `lead` and `account`. */
  attributes?: Pick<LeadFacts, 'lead' | 'account'>;
  /** The task it waits for; null when it waits for none. */
  task?: TaskFact | null;
  /** The call it waits for; null when it waits for none. */
  call?: CallFact | null;
  /** The draft it waits for; null when it waits for none. */
  draft?: DraftFact | null;
  /** The lead is out of the office, as their mailbox has said since the run began. */
  away?: AwayFact | null;
}

/** A mail that waits for its rep. */
export interface DraftFact {
  state: 'open' | 'sent' | 'skipped' | 'cancelled';
}

/** When they are back, as a date of their own, where their mailbox says so; and when it said that. */
export interface AwayFact {
  returns: string | null;
  at: Date;
}

/** The name of one of them. */
export type FactNeed = keyof StepFacts;

/** What a campaign's decision may look at. All of it was loaded for the whole batch. */
export interface CampaignFacts extends LeadFacts, StepFacts {
  /** IANA zone the lead lives in. */
  zone: string;
  /** The workspace's business days. */
  calendar: Calendar;
  hasEmail: boolean;
  /** What the lead reads, as far as it is known (BCP 47): which variant of a mail it gets. */
  language?: string | null;
  /** An opportunity of the lead's (or its company's) is open, and marketing pauses meanwhile. */
  withSales: boolean;
  /** The ledger row this enrolment waits for. */
  send: SendFact | null;
  /** The newest opportunity the lead belongs to. */
  opportunity: { id: string; state: string; rejectedReason: string | null; resumeAt: string | null } | null;
  /** Another campaign has stopped this enrolment: who, at which step. */
  stopped?: Record<string, unknown>;
  /** Sends that fell due before this instant are skipped: the campaign was resumed with `overdue: skip`. */
  skipBefore: Date | null;
  /** Steps that stand still. */
  pausedSteps?: ReadonlySet<string>;
  /** What the sending rules have said of mails this look would queue; asked for after a first decision. */
  turns?: Turns;
}

export interface SendFact {
  sendKey: string;
  state: 'queued' | 'in_flight' | 'accepted' | 'failed' | 'suppressed' | 'cancelled' | 'unknown';
  settledAt: Date | null;
  unknownAt: Date | null;
  reason: string | null;
  /** When it was to leave. */
  dueAt: Date;
}

/**
 * Something to be written besides the position; each is carried out once, by its key. A member for each kind, and for each kind a file in
 * activities/effects that carries out a whole batch of it.
 */
export type Effect =
  | {
      kind: 'send';
      sendKey: string;
      template: string;
      class: 'transactional' | 'marketing';
      sender: string | null;
      params: Record<string, unknown>;
      dueAt: Date;
      notAfter: Date | null;
    }
  /** A mail of a sequence, from the rep whose run it is. `subject` null: it goes on in the thread. Both are filled in by whoever makes the mail or the draft. */
  | {
      kind: 'personal';
      sendKey: string;
      mode: Mode;
      thread: 'new' | 'reply';
      subject: string | null;
      text: string;
      /** When it may leave; of a draft, by when it is to be looked through. */
      dueAt: Date;
    }
  | { kind: 'handoff'; pool: string | null; productLine: string; nurture: boolean }
  | {
      kind: 'update';
      /** Attributes to be; null takes one away. */
      lead: Record<string, unknown>;
      account: Record<string, unknown>;
      addTags: string[];
      removeTags: string[];
      move: Move | null;
    }
  /** `granted` null: the lead is asked by mail to confirm. */
  | { kind: 'consent'; topic: string; granted: boolean | null }
  /** `for` null: the lead itself, else those of its company. `chain`: the campaigns that led here, none of which is started again. */
  | { kind: 'start'; campaign: string; for: Pick<People, 'roles' | 'max'> | null; properties: Record<string, unknown>; chain: string[] }
  | { kind: 'stop'; campaign: string; for: Pick<People, 'roles' | 'max'> | null }
  /** Which way somebody went; `experiment` null where nothing is measured. */
  | { kind: 'split'; arm: string; experiment: Experiment | null }
  | {
      kind: 'task';
      taskKind: TaskKind;
      taskKey: string;
      title: string;
      to: Recipient;
      /** Whose rotation it is taken from where the lead has no owner; null: the workspace's usual pool. */
      pool: string | null;
      dueAt: Date;
      outcomes: string[];
      /** One for the whole company. */
      once: boolean;
      awaited: boolean;
    }
  | { kind: 'notify'; noticeKey: string; to: Recipient | { address: string }; template: string; subject: string; text: string }
  | {
      kind: 'call';
      callKey: string;
      lane: 'webhook' | 'notify';
      url: string;
      method: 'POST' | 'PUT' | 'PATCH';
      body: unknown;
      /** Attribute of the lead → path in the answer. */
      sets: Record<string, string>;
      timeoutMs: number;
      retries: number;
      awaited: boolean;
    };

/** An effect, and the step that asked for it. */
export type DecidedEffect = Effect & { stepId: string };

/** Why, as data: the rule that decided and what it saw. `why` puts it into words. */
export interface Because {
  rule: string;
  evidence?: Evidence[];
  [detail: string]: unknown;
}

/** What a step says: stay until then (counting from `since`, where that is not the arrival), go on (to the next step or into an arm), or leave the campaign. */
export type Outcome = { because: Because; effects?: Effect[] } & (
  { stay: Date; waiting?: string | null; since?: Date } | { go: string; at?: Date } | { exit: string }
);

/** The arm that every step has: the step after it. */
export const NEXT = 'next';

export interface DecideInput<Step> {
  step: Step;
  enrolment: EnrolmentView;
  facts: CampaignFacts;
  campaign: Campaign;
  /** The conditions of this step, parsed once for the version, by the name `conditions` gave them. */
  conditions: Record<string, Condition>;
  now: Date;
}

/** A condition of a step, or one leaf the engine made itself, to be loaded ahead. */
export type NamedConditions = Record<string, ConditionDocument | Leaf>;

export type StepList = z.ZodType<StepDocument[]>;

export interface StepKind<Step> {
  /** The key that names the kind in a document. */
  kind: string;
  /** It stands in sequences alone (domain/sequences). */
  of?: 'sequence';
  /** Its shape; `steps` is the schema of a list of steps, for its arms. */
  schema(steps: StepList): z.ZodType<Step>;
  /** Lists of steps below this one, by the name `go` uses. */
  arms?(step: Step): Record<string, StepDocument[]>;
  /** Conditions this step evaluates, by name. */
  conditions?(step: Step): NamedConditions;
  /** Whether a newcomer always stops here for a while, so that what lies behind it needs no facts yet. */
  stops?: boolean;
  /** Whether it is of no use while the lead is out of the office: a sequence waits with it until they are back. */
  needsReader?: boolean;
  /** The mail it sends; null when it sends none. */
  mail?(step: Step, campaign: Campaign): MailOfStep | null;
  /** Facts of its own that it looks at. */
  needs?(step: Step): FactNeed[];
  /** What is wrong with it beyond its shape. */
  lint?(step: Step, context: LintContext): StepIssue[];
  decide(input: DecideInput<Step>): Outcome;
  /** The step in a few words, for people. */
  words(step: Step): string;
  /** What it wrote in the journal, in words, by the rule of its `because`. */
  why?: Record<string, (because: Because) => string>;
  /** For docs/campaign-language.md, which is generated: what it does and the choices behind it, as markdown. Keys are described by `.describe()` in the schema. */
  about?: string;
  /** A working list of steps as YAML, for the same page: a test lints it. Templates `welcome`, `case-study`, `last-call`, pool `inside`, topic `product-news` exist there. */
  example?: string;
}

/** A mail that a step sends, as its template must be able to cope with. */
export interface MailOfStep {
  template: string;
  params: Record<string, unknown>;
  class: 'marketing' | 'transactional' | 'internal';
}

export interface StepIssue {
  reason: string;
  mend: string;
  level?: 'error' | 'warning';
}

/** What is there to be referred to. */
export interface LintContext {
  campaign: Campaign;
  /** Ids of steps that send, so that `clicked` can name one. */
  sends: ReadonlySet<string>;
  hasTemplate(key: string): boolean;
  /** What is wrong with a mail that is there; absent: nobody has looked. */
  mailFaults?(mail: MailOfStep): StepIssue[];
  /** What is wrong with a letter of a sequence; absent: nobody has looked. */
  letterFaults?(letter: { subject?: string | undefined; text: string }): StepIssue[];
  hasPool(key: string): boolean;
  hasTopic(key: string): boolean;
  /** Which campaigns another one starts; undefined: there is none of this key. Absent: every key may be a campaign's. */
  startsOf?(key: string): readonly string[] | undefined;
  /** Absent: every key may be a rep's. */
  hasRep?(key: string): boolean;
  /** The attributes and events the workspace has declared; absent: everything is taken as known. */
  vocabulary?: Vocabulary;
}

/** Declares a kind of step: everything about it in one file, found by the registry. */
export function defineStep<Step extends { id: string }>(kind: StepKind<Step>): StepKind<Step> {
  return kind;
}
