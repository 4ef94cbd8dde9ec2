import type { MailOfStep, StepIssue } from '../../domain/campaign/step.ts';
import type { WorkspaceDocument } from '../../domain/workspace/folder.ts';
import { isSource, mayBeNamed } from '../../domain/workspace/folder.ts';
import type { DocumentFinding, MailLint } from '../../domain/workspace/push.ts';
import type { TemplateFile } from '../template-files.ts';
import type { Templates } from '../templates.ts';
import type { TemplateFinding } from './finding.ts';
import { letterFaults } from './letters.ts';
import { type KnownAttributes, lintMail } from './lint.ts';

/** What is wrong with a mail as a campaign's step sends it: errors alone, each with file and line. */
export function mailFaults(templates: Templates, { template, params, class: kind }: MailOfStep, known?: KnownAttributes): StepIssue[] {
  const errors = templates
    .variants(template)
    .flatMap((variant) => lintMail(variant, templates, { params, class: kind }, known).filter(({ level }) => level === 'error'));
  return errors.map(({ file, line, reason, mend }) => ({ reason: `${file}${line === null ? '' : ` line ${line}`}: ${reason}`, mend }));
}

/** Where a document of the workspace stands among the templates; null for one that is none, or cannot be. */
export function templateFileOf({ kind, key, body }: WorkspaceDocument): TemplateFile | null {
  if (!isSource(kind) || typeof body !== 'string' || !mayBeNamed({ kind, key })) return null;
  return { path: `${{ layout: 'layout/', block: 'blocks/' }[kind as string] ?? ''}${key}.mjml`, source: body };
}

/** The mails of a push, compiled as they would be after it, for the plan that says what is wrong. */
export async function mailsAfter(templates: Templates, given: readonly WorkspaceDocument[]): Promise<MailLint & { templates: Templates }> {
  const files = given.flatMap((one) => {
    const file = templateFileOf(one);
    return file ? [{ ...one, path: file.path, file }] : [];
  });
  const after = await templates.with(files.map(({ file }) => file));
  return {
    templates: after,
    hasTemplate: (key) => after.has(key),
    faults: (mail, known) => mailFaults(after, mail, known),
    letterFaults,
    findings(known) {
      const paths = new Set(files.map(({ path }) => path));
      const touched = after.variants().filter(({ source }) => paths.has(source.file) || source.mjml.some(({ file }) => paths.has(file)));
      const all = [...after.broken, ...touched.flatMap((variant) => lintMail(variant, after, null, known))];
      const seen = new Set<string>();
      return files.flatMap(({ kind, key, path }): DocumentFinding[] =>
        all
          .filter((one) => one.file === path && !seen.has(idOf(one)) && seen.add(idOf(one)))
          .map(({ level, line, reason, mend }) => ({ kind, key, level, path: line === null ? '' : `line ${line}`, reason, mend })),
      );
    },
  };
}

const idOf = ({ file, line, rule, reason }: TemplateFinding): string => `${file}\n${line}\n${rule}\n${reason}`;
