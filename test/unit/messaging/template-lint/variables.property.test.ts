import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile } from '../../../../messaging/handlebars.ts';
import { readVariables } from '../../../../messaging/template-lint/variables.ts';

const paths = ['lead.first_name', 'lead.city', 'owner', 'owner.name', 'params.price', 'params.card.name', 'account.name', 'rep.name'];
const path = fc.constantFrom(...paths);

/** What an author may write, nested as they like. */
const { source } = fc.letrec<{ source: string; piece: string }>((again) => ({
  source: fc.array(again('piece'), { maxLength: 4 }).map((pieces) => pieces.join(' ')),
  piece: fc.oneof(
    { maxDepth: 4 },
    fc.constant('words'),
    path.map((name) => `{{${name}}}`),
    fc.tuple(path, path).map(([a, b]) => `{{default ${a} ${b} 'x'}}`),
    fc.tuple(path, path).map(([a, b]) => `{{default ${a} ${b}}}`),
    path.map((name) => `{{number (default ${name} 3)}}`),
    fc.tuple(path, again('source'), again('source')).map(([name, yes, no]) => `{{#if ${name}}}${yes}{{else}}${no}{{/if}}`),
    fc.tuple(path, again('source')).map(([name, no]) => `{{#unless ${name}}}{{else}}${no}{{/unless}}`),
    fc.tuple(path, again('source')).map(([name, yes]) => `{{#if (is ${name} 'a')}}${yes}{{/if}}`),
    path.map((name) => `{{#each ${name}}}{{this}}{{/each}}`),
  ),
}));

/** Some of them have a value, others do not. */
const view = fc.record(
  {
    lead: fc.record({ first_name: fc.constantFrom('a', 'Mei'), city: fc.constant('Kiel') }, { requiredKeys: [] }),
    account: fc.record({ name: fc.constant('Huadong') }, { requiredKeys: [] }),
    params: fc.record({ price: fc.constant(7), card: fc.constant({ name: 'a' }) }, { requiredKeys: [] }),
    owner: fc.constant({ name: 'Ana', email: 'ana@x.example' }),
    rep: fc.constant({ name: 'Ben', email: 'ben@x.example' }),
  },
  { requiredKeys: ['lead', 'account', 'params'] },
);

const has = (from: unknown, name: string): boolean => {
  let value = from;
  for (const part of name.split('.')) value = (value as Record<string, unknown> | undefined)?.[part];
  return value !== undefined;
};

test('law: where everything that a mail needs by its lint is there, no variable is missing when it is filled in', () => {
  fc.assert(
    fc.property(source, view, (text, given) => {
      const needed = readVariables([{ text, file: 'a.mjml', line: 1 }]).uses.filter((use) => use.needed);
      fc.pre(needed.every((use) => has(given, use.path)));
      try {
        compile(text, { escape: true })(given, (_, url) => url);
      } catch (error) {
        // A name is no number: that is another fault.
        expect((error as Error).message).toMatch(/is not a number/);
      }
    }),
    { numRuns: 200 },
  );
});
