import { Document, isCollection, visit } from 'yaml';
import { isSource, type WorkspaceDocument } from '../../domain/workspace/folder.ts';
import { normal } from '../../domain/workspace/push.ts';
import { same } from '../../domain/workspace/same.ts';

const WIDTH = 140;

/** What people look for first stands first; what is long stands last; the rest by the alphabet. */
const first = (
  'key id name type label description options purpose topic class days from to up down timezone hours holidays entry event segment date schedule list where if ' +
  'when otherwise count in since reentry goal exitWhen exclude holdout priority account start end onEnd sending window cap max per ' +
  'template send wait at waitFor branch split update consent task notify webhook handoff exit offset timeout properties condition'
).split(' ');
const last = ['steps', 'then', 'onTimeout', 'onFailure', 'onOutcome', 'members'];

function rank(key: string): number {
  if (last.includes(key)) return first.length + 1 + last.indexOf(key);
  return first.includes(key) ? first.indexOf(key) : first.length;
}

const inOrder = (a: string, b: string): number => rank(a) - rank(b) || (a < b ? -1 : Number(a > b));

/** The same with its keys in the order in which people read them: a database keeps none. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => inOrder(a, b))
      .map(([key, one]) => [key, ordered(one)]),
  );
}

/** The same without what it would mean anyway: a key goes when the document says as much without it, and so does the list around a single thing. */
function shortest({ kind, body }: Pick<WorkspaceDocument, 'kind' | 'body'>): unknown {
  const whole = normal({ kind, body });
  const short = structuredClone(body);
  const says = (): boolean => same(normal({ kind, body: short }), whole);
  const prune = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (!Array.isArray(value)) {
      const table = value as Record<string, unknown>;
      for (const [key, held] of Object.entries(table)) {
        delete table[key];
        if (says()) continue;
        if (Array.isArray(held) && held.length === 1) {
          table[key] = held[0];
          if (says()) continue;
        }
        table[key] = held;
      }
    }
    Object.values(value).forEach(prune);
  };
  prune(short);
  return short;
}

/** A document as its file says it: a mail as its author wrote it, everything else as YAML. */
export const fileText = (document: Pick<WorkspaceDocument, 'kind' | 'body'>): string =>
  isSource(document.kind) && typeof document.body === 'string' ? document.body : toYaml(document);

/**
 * A document as its file says it: without its defaults, keys in reading order, what fits on a line on one line. The same document always
 * makes the same text.
 */
function toYaml({ kind, body }: Pick<WorkspaceDocument, 'kind' | 'body'>): string {
  const document = new Document(ordered(shortest({ kind, body })));
  visit(document, {
    Collection(depth, node) {
      if (node === document.contents || depth === null) return;
      if (isCollection(node) && JSON.stringify(node.toJSON()).length < WIDTH - 20) {
        node.flow = true;
        return visit.SKIP;
      }
    },
  });
  return document.toString({ lineWidth: WIDTH, singleQuote: true, flowCollectionPadding: true });
}
