import type { SendClass } from '../../domain/delivery/mail.ts';
import { nearest } from '../../domain/workspace/nearest.ts';
import type { CompiledMail } from '../compile-mail.ts';
import type { Templates } from '../templates.ts';
import type { TemplateFinding } from './finding.ts';
import { readMarkup, type WrittenLink } from './markup.ts';
import { readPage } from './page.ts';
import { readVariables, type VariableReading, type VariableUse } from './variables.ts';

export type { TemplateFinding } from './finding.ts';

/** How a mail is used: what its step gives it, and as what it is sent. */
export interface MailUse {
  params: Record<string, unknown>;
  class: SendClass;
}

/** What the workspace has declared; absent: every attribute may be one. */
export interface KnownAttributes {
  attribute(of: 'lead' | 'account', name: string): { reason: string; mend: string }[];
}

/** There for every mail to a lead; `null` is written as nothing. */
const ALWAYS = new Set(
  (
    'workspace.name workspace.postalAddress workspace.timezone lead.id lead.email lead.stage lead.created_at sender.address ' +
    'campaign.key campaign.name unsubscribeUrl preferencesUrl'
  ).split(' '),
);
const ROOTS = [
  'workspace',
  'lead',
  'account',
  'owner',
  'rep',
  'sender',
  'campaign',
  'occasion',
  'params',
  'unsubscribeUrl',
  'preferencesUrl',
  'confirmUrl',
];
/** In marketing only: other mail must ask first. */
const IN_MARKETING = new Set(['unsubscribeUrl', 'preferencesUrl']);

interface Reading extends VariableReading {
  links: WrittenLink[];
}

const readings = new WeakMap<CompiledMail, Reading>();

/** What a mail says, independent of who uses it; read once. */
export function readMail(mail: CompiledMail): Reading {
  let reading = readings.get(mail);
  if (reading) return reading;
  const subject = readVariables(mail.source.subject);
  const body = readVariables(mail.source.mjml);
  const markup = readMarkup(mail.source.mjml);
  reading = {
    uses: [...subject.uses, ...body.uses],
    findings: [...subject.findings, ...body.findings, ...markup.findings],
    links: markup.links,
  };
  readings.set(mail, reading);
  return reading;
}

const lints = new WeakMap<CompiledMail, Map<string, TemplateFinding[]>>();

/**
 * Everything wrong with one variant of a mail. With a `use`, what its step gives is all there is of `params`; without, what it asks for is
 * taken to be given. `templates` know what a mail that ships is given by Tendril itself.
 */
export function lintMail(mail: CompiledMail, templates: Templates, use: MailUse | null, known?: KnownAttributes): TemplateFinding[] {
  const reading = readMail(mail);
  const params = use?.params ?? {};
  const given = givenByUs(mail, templates);
  const variables = reading.uses.flatMap((one) => variableFinding(one, use, given, known) ?? []);
  // What cannot be filled in cannot be looked at.
  const broken =
    reading.findings.some(({ rule }) => rule === 'helper' || rule === 'syntax') || variables.some(({ rule }) => rule === 'param');
  const key = JSON.stringify(params);
  const remembered = lints.get(mail) ?? new Map<string, TemplateFinding[]>();
  lints.set(mail, remembered);
  const page = broken ? [] : (remembered.get(key) ?? readPage(mail, reading.uses, params));
  if (!broken) remembered.set(key, page);
  return unique([...reading.findings, ...variables, ...page]);
}

/** Mails to leads that Tendril itself sends, with what it gives them. */
const OUR_MAILS: ReadonlySet<string> = new Set(['form-confirmation', 'confirm-subscription']);

/** What a mail that Tendril itself sends takes for granted, the workspace's in its place may too. */
function givenByUs({ source: { key, layout } }: CompiledMail, { shipped }: Templates): { ours: boolean; sure: ReadonlySet<string> } {
  const [own] = layout === 'internal' || OUR_MAILS.has(key) ? shipped.variants(key) : [];
  return { ours: own !== undefined, sure: new Set(own ? readMail(own).uses.flatMap(({ path, needed }) => (needed ? [path] : [])) : []) };
}

function variableFinding(
  { path, file, line, needed }: VariableUse,
  use: MailUse | null,
  { ours, sure }: { ours: boolean; sure: ReadonlySet<string> },
  known: KnownAttributes | undefined,
): TemplateFinding | null {
  const [root, name] = path.split('.') as [string, string?];
  const find = (reason: string, mend: string): TemplateFinding => ({
    level: 'error',
    file,
    line,
    rule: 'variable',
    variable: path,
    reason,
    mend,
  });
  if (path.split('.').some((part) => part in Object.prototype)) return find(`there is no variable '${path}'`, 'name an attribute');
  if (root === 'block') return find(`the block is not given '${name}' here`, `write {{> … ${name}='…'}}`);
  if (!ROOTS.includes(root) && !sure.has(path)) {
    const near = nearest(root, ROOTS);
    return find(
      `there is no variable '${path}'`,
      near ? `did you mean '${near}${path.slice(root.length)}'?` : `it begins with one of ${ROOTS.join(', ')}`,
    );
  }
  if ((root === 'lead' || root === 'account') && name !== undefined && known && !ALWAYS.has(path)) {
    const [unknown] = known.attribute(root, name);
    if (unknown && name !== 'language') return find(unknown.reason, unknown.mend);
  }
  const there =
    ALWAYS.has(path) && (use === null || use.class === 'marketing' || !IN_MARKETING.has(path)) && !(ours && root === 'campaign');
  if (!needed || there || sure.has(path)) return null;
  if (root === 'params') {
    if (use === null && name !== 'entry') return null;
    if (use !== null && isGiven(use.params, path.split('.').slice(1))) return null;
    return name === 'entry'
      ? find(`'${path}' may be missing: not everything that brings a lead in says it`, hint(path))
      : { ...find(`'${path}' is not given`, `give it in the step's params, or ${hint(path)}`), rule: 'param' };
  }
  return find(`'${path}' may be missing`, hint(path));
}

const hint = (path: string): string => `write {{default ${path} '…'}}, or {{#if ${path}}}…{{/if}} around it`;

/** Whether a step's params say it; `[]` is every member of a list. */
function isGiven(value: unknown, [first, ...rest]: string[]): boolean {
  if (first === undefined) return value !== undefined && value !== null;
  if (first === '[]') return Array.isArray(value) && value.every((one) => isGiven(one, rest));
  return (
    typeof value === 'object' && value !== null && Object.hasOwn(value, first) && isGiven((value as Record<string, unknown>)[first], rest)
  );
}

/** The same fault at the same place once. */
function unique(findings: readonly TemplateFinding[]): TemplateFinding[] {
  const key = ({ file, line, rule, variable, reason }: TemplateFinding): string => [file, line, rule, variable, reason].join('\n');
  return [...new Map(findings.map((one) => [key(one), one])).values()].toSorted(
    (a, b) => Number(a.level === 'warning') - Number(b.level === 'warning') || (a.line ?? 0) - (b.line ?? 0),
  );
}
