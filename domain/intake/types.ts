/** One thing a person filled in. `key` is the sender's name for the field, `label` what the person read, where it is known. */
export interface Answer {
  key: string;
  label: string;
  /** The sender's own word for the kind of field, in small letters; null where it does not say. */
  type: string | null;
  value: string | number | boolean | string[];
}

/** Circumstances of a submission, as far as they are known. */
export interface SubmissionContext {
  ip?: string;
  userAgent?: string;
  referrer?: string;
  url?: string;
  /** utm_source and its like, without the prefix. */
  utm?: Record<string, string>;
}

export type Provider = 'typeform' | 'tally' | 'webflow' | 'netlify' | 'hubspot' | 'gravity' | 'json' | 'form';

/** A submission, whoever sent it. */
export interface Recognised {
  provider: Provider;
  /** The sender's id of this submission, unique among its own for ever. */
  providerId: string | null;
  submittedAt: Date | null;
  answers: Answer[];
  context: SubmissionContext;
  /** The sender says that it is a test. */
  test: boolean;
  /** What the sender itself says of the consent. */
  consent: boolean | null;
}

/** A file that knows one sender: null when the body is not of theirs. Never throws, whatever the body. */
export type Recogniser = (body: Record<string, unknown>) => Recognised | null;
