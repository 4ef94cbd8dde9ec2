import Handlebars from 'handlebars';
import { forgiving } from './forgiving.ts';
import { helpers, registerHelpers } from './helpers.ts';

/** Wraps the address of a link as the author wrote it (already filled in) in one that counts the click; gives it back unchanged where clicks are not counted. `personal`: it may be another for each reader. */
export type Track = (name: string, url: string, personal: boolean) => string;

const engine = Handlebars.create();

registerHelpers(engine);

/** Every helper that an author may use. */
export const helperNames: ReadonlySet<string> = new Set([...Object.keys(helpers), 'if', 'unless', 'each', 'with', 'lookup']);

/** Put around every address of a link when a template is loaded. */
engine.registerHelper('tracked', function tracked(this: unknown, name: string, options: Handlebars.HelperOptions) {
  const url = unescapeHtml(options.fn(this)).trim();
  const track = options.data['track'] as Track;
  return new Handlebars.SafeString(
    Handlebars.escapeExpression(track(name || url, url, options.hash['personal'] === true)).replaceAll('&#x3D;', '='),
  );
});

/** Put at the end of the HTML when a template is loaded. */
engine.registerHelper('trackingMarks', (options: Handlebars.HelperOptions) => new Handlebars.SafeString(options.data['marks'] as string));

function unescapeHtml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#x27|#x60|#x3D|#39);/g, (_, entity: string) => entities[entity]!);
}
const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'", '#39': "'", '#x60': '`', '#x3D': '=' };

export type Fill = (view: object, track: Track, marks?: string) => string;

/** A missing variable: which one, so that the author can mend it. */
export class MissingVariable extends Error {
  readonly variable: string;
  constructor(variable: string) {
    super(`the variable '${variable}' has no value`);
    this.variable = variable;
  }
}

/** Compiles Handlebars in strict mode: a variable without a value is an error that names it. `escape` for HTML. `language` (BCP 47) says how dates and numbers are written. Throws where it does not parse. */
export function compile(source: string, { escape, language }: { escape: boolean; language?: string }): Fill {
  const template = ready(forgiving(engine.parse(source)), { strict: true, noEscape: !escape });
  const lines = source.split('\n');
  return (view, track, marks = '') => {
    try {
      return template(view, { data: { track, language, marks } });
    } catch (error) {
      const { lineNumber, column, message } = error as { lineNumber?: number; column?: number; message: string };
      const missing = /^"(.*)" not defined in /.exec(message);
      if (!missing) throw error;
      const path = lineNumber === undefined ? null : /^[\w.@[\]-]+/.exec(lines[lineNumber - 1]?.slice(column ?? 0) ?? '');
      throw new MissingVariable(path?.[0] ?? missing[1]!);
    }
  };
}

/** What `Handlebars.template` makes: it prepares itself by `_setup` each time it is filled in. */
type Prepared = HandlebarsTemplateDelegate & { _setup: (options: object) => void };

/** A template that is prepared once. Handlebars wraps every helper anew for every mail, which costs as much as filling it in. */
function ready(program: hbs.AST.Program, options: CompileOptions): HandlebarsTemplateDelegate {
  // What Handlebars.compile does as well; the text is its own compiler's.
  // oxlint-disable-next-line typescript/no-implied-eval
  const specification = new Function(`return ${String(engine.precompile(program, options))}`)() as TemplateSpecification;
  const template = engine.template(specification) as Prepared;
  template._setup({});
  template._setup = () => {};
  return template;
}
