/** Something wrong with a mail: where its author finds it, why, and what to do instead. */
export interface TemplateFinding {
  level: 'error' | 'warning';
  /** The file below templates/, such as `welcome.de.mjml` or `layout/letter.mjml`. */
  file: string;
  /** Line in that file, from 1; null where it is the whole of it. */
  line: number | null;
  rule: TemplateRule;
  /** The variable it is about, such as `lead.first_name`; null where it is about none. */
  variable: string | null;
  reason: string;
  mend: string;
}

export type TemplateRule =
  | 'syntax'
  | 'variable'
  | 'helper'
  | 'escaping'
  | 'param'
  | 'size'
  | 'alt'
  | 'postal-address'
  | 'unsubscribe'
  | 'link'
  | 'contrast'
  | 'subject'
  | 'preheader';

/** What cannot be read, as a finding. */
export const syntaxFinding = ({ file, line, reason }: { file: string; line: number | null; reason: string }): TemplateFinding => ({
  level: 'error',
  file,
  line,
  rule: 'syntax',
  variable: null,
  reason,
  mend: 'see templates/README.md',
});
