import { helperNames } from '../handlebars.ts';
import { originOf, parsed, type Segment, TemplateFault, textOf } from '../template-files.ts';
import { syntaxFinding, type TemplateFinding, type TemplateRule } from './finding.ts';

/** What a variable is shown as: an example of it must be of that kind. */
export type UsedAs = 'text' | 'date' | 'number' | 'currency' | 'zone' | 'list';

export interface VariableUse {
  /** `lead.first_name`, `params.items.[].price`: a member of each of a list. */
  path: string;
  file: string;
  line: number;
  usedAs: UsedAs;
  /** False where the mail can do without it: it has a default, or a condition around it asks whether it is there. */
  needed: boolean;
}

export interface VariableReading {
  uses: VariableUse[];
  findings: TemplateFinding[];
}

/** Around a place in a template: what `this` is there, and what is known to be there. */
interface Scope {
  /** Paths of `this`, innermost last; '' is the view itself. */
  here: readonly string[];
  sure: ReadonlySet<string>;
  blockParams: ReadonlyMap<string, string>;
}

/** What each helper takes, in order; those that are not here take anything, and may be given nothing. */
const TAKES: Readonly<Record<string, readonly UsedAs[]>> = {
  date: ['date', 'zone'],
  number: ['number'],
  money: ['number', 'currency'],
  plural: ['number'],
  each: ['list'],
};
const FORGIVING = new Set(['default', 'is', 'if', 'unless', 'each', 'with', 'lookup']);

/**
 * Every variable of a template, line by line, and whether it can do without: a `default` after it or an `{{#if}}` around it. Finds the
 * helpers that do not exist, blocks that are not there, and what is written into the HTML unescaped. Does not throw: what cannot be parsed
 * is a finding.
 */
export function readVariables(segments: readonly Segment[]): VariableReading {
  const uses: VariableUse[] = [];
  const findings: TemplateFinding[] = [];

  const placeOf = (node: hbs.AST.Node) => originOf(segments, node.loc.start.line);
  const find = (node: hbs.AST.Node, rule: TemplateRule, variable: string | null, reason: string, mend: string) =>
    findings.push({ level: 'error', ...placeOf(node), rule, variable, reason, mend });

  function use(scope: Scope, path: hbs.AST.PathExpression, usedAs: UsedAs, needed: boolean): void {
    const name = nameOf(path, scope);
    if (name === null || name === '') return;
    uses.push({ path: name, ...placeOf(path), usedAs, needed: needed && !scope.sure.has(name) });
  }

  function list(program: hbs.AST.Program | undefined, scope: Scope): void {
    for (const statement of program?.body ?? []) one(statement, scope);
  }

  function one(statement: hbs.AST.Statement, scope: Scope): void {
    switch (statement.type) {
      case 'MustacheStatement':
        return shown(statement as hbs.AST.MustacheStatement, scope);
      case 'BlockStatement':
        return block(statement as hbs.AST.BlockStatement, scope);
      default:
    }
  }

  function shown(statement: hbs.AST.MustacheStatement, scope: Scope): void {
    const { path, escaped } = statement;
    if (path.type !== 'PathExpression') return;
    const name = (path as hbs.AST.PathExpression).original;
    if (!escaped)
      find(
        statement,
        'escaping',
        name,
        `{{{${name}}}} writes what somebody typed into the mail as HTML`,
        `write {{${name}}}: it is escaped`,
      );
    if (isHelper(path as hbs.AST.PathExpression, statement)) call(statement, scope);
    else use(scope, path as hbs.AST.PathExpression, 'text', true);
  }

  /** A helper with its arguments; `{{#if (is …)}}` among them. `shownAs`: what becomes of what it answers. */
  function call({ path, params, hash }: Called, scope: Scope, shownAs: UsedAs = 'text'): void {
    const name = (path as hbs.AST.PathExpression).original;
    if (!helperNames.has(name)) {
      find(path, 'helper', null, `there is no helper '${name}'`, `there are ${[...helperNames].toSorted().join(', ')}`);
      return;
    }
    const given = [...params, ...(hash?.pairs.map(({ value }) => value) ?? [])];
    given.forEach((arg, i) => {
      const usedAs = name === 'default' ? shownAs : (TAKES[name]?.[i] ?? 'text');
      const lastResort = name === 'default' && i === params.length - 1;
      if (arg.type === 'SubExpression') call(arg as hbs.AST.SubExpression, scope, usedAs);
      else if (arg.type === 'PathExpression')
        use(scope, arg as hbs.AST.PathExpression, usedAs, lastResort || (!FORGIVING.has(name) && usedAs !== 'zone'));
    });
  }

  function block(statement: hbs.AST.BlockStatement, scope: Scope): void {
    const { path, params, program, inverse } = statement;
    const name = path.original;
    call(statement, scope);
    const asked = params[0]?.type === 'PathExpression' ? nameOf(params[0] as hbs.AST.PathExpression, scope) : null;
    if (name === 'each' && asked !== null) {
      list(program, inside({ ...scope, sure: with_(scope.sure, [asked, `${asked}.[]`]) }, `${asked}.[]`, program));
      return list(inverse, scope);
    }
    if (name === 'with' && asked !== null) {
      list(program, inside({ ...scope, sure: with_(scope.sure, [asked]) }, asked, program));
      return list(inverse, scope);
    }
    const surely = with_(scope.sure, conditionPaths(statement, scope));
    list(program, name === 'unless' ? scope : { ...scope, sure: surely });
    list(inverse, name === 'unless' ? { ...scope, sure: surely } : scope);
  }

  try {
    list(parsed(textOf(segments), segments[0]!), { here: [''], sure: new Set(), blockParams: new Map() });
  } catch (error) {
    if (!(error instanceof TemplateFault)) throw error;
    findings.push(syntaxFinding({ ...originOf(segments, error.line - segments[0]!.line + 1), reason: error.message }));
  }
  return { uses, findings };
}

type Called = Pick<hbs.AST.MustacheStatement, 'params'> & { path: hbs.AST.Node; hash?: hbs.AST.Hash | undefined };

function isHelper(path: hbs.AST.PathExpression, { params, hash }: Called): boolean {
  return (
    params.length > 0 || (hash?.pairs.length ?? 0) > 0 || (path.parts.length === 1 && path.depth === 0 && helperNames.has(path.original))
  );
}

/** Its whole path from the view on; null for `@index`, `this` of a list, and the like. */
function nameOf(path: hbs.AST.PathExpression, { here, blockParams }: Scope): string | null {
  if (path.data) return path.parts[0] === 'root' ? path.parts.slice(1).join('.') : null;
  const parts = path.parts;
  const named = path.depth === 0 ? blockParams.get(parts[0] ?? '') : undefined;
  if (named !== undefined) return [named, ...parts.slice(1)].join('.');
  const base = here.at(-1 - path.depth) ?? '';
  return [base, ...parts].filter((part) => part !== '').join('.');
}

/** What is there when the condition of an `{{#if}}` holds. */
function conditionPaths({ path, params }: hbs.AST.BlockStatement, scope: Scope): string[] {
  const name = path.original;
  if (name !== 'if' && name !== 'unless') return [];
  const [asked] = params;
  if (asked?.type === 'PathExpression') return impliedBy(nameOf(asked as hbs.AST.PathExpression, scope));
  const call = asked?.type === 'SubExpression' ? (asked as hbs.AST.SubExpression) : null;
  if (call?.path?.original !== 'is') return [];
  const paths = call.params.filter(({ type }) => type === 'PathExpression');
  // Equal to something that is written there, so it is something.
  return paths.length === call.params.length ? [] : paths.flatMap((one) => impliedBy(nameOf(one as hbs.AST.PathExpression, scope)));
}

/** With somebody there, so are their name and address; a mail that one can unsubscribe from has a page of what one receives, too. */
const MEMBERS: Readonly<Record<string, readonly string[]>> = {
  owner: ['owner.name', 'owner.email'],
  rep: ['rep.name', 'rep.email'],
  campaign: ['campaign.key', 'campaign.name'],
  occasion: ['occasion.key', 'occasion.name', 'occasion.kind', 'occasion.timezone', 'occasion.starts_at', 'occasion.ends_at'],
  unsubscribeUrl: ['preferencesUrl'],
};
const impliedBy = (name: string | null): string[] => (name === null ? [] : [name, ...(MEMBERS[name] ?? [])]);

function inside(scope: Scope, path: string, program: hbs.AST.Program): Scope {
  const [item] = program.blockParams ?? [];
  return {
    ...scope,
    here: [...scope.here, path],
    ...(item && { blockParams: new Map([...scope.blockParams, [item, path]]) }),
  };
}

const with_ = (sure: ReadonlySet<string>, more: readonly string[]): ReadonlySet<string> => new Set([...sure, ...more]);
