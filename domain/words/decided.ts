/** A row of the journal, as far as words need it. */
export interface Decided {
  kind: string;
  stepId: string | null;
  /** Name of the campaign it belongs to, if any. */
  campaign: string | null;
  because: Record<string, unknown>;
}
