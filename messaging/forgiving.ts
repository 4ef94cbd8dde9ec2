/** Always there to be looked into, whoever the mail is for. */
const THERE = new Set(['lead', 'account', 'params', 'workspace', 'sender']);

/**
 * Makes what a helper is given harmless to miss. Handlebars' strict mode looks into `owner` for `{{default owner.name 'us'}}` before the
 * helper may say what to do without an owner. Changes the tree it is given, once for each template.
 */
export function forgiving(program: hbs.AST.Program): hbs.AST.Program {
  program.body.forEach(soften);
  return program;
}

function soften(node: hbs.AST.Node): void {
  const { params, hash, program, inverse } = node as Partial<hbs.AST.BlockStatement>;
  if (params) params.forEach((param, i) => (params[i] = softened(param)));
  for (const pair of hash?.pairs ?? []) pair.value = softened(pair.value);
  program?.body.forEach(soften);
  inverse?.body.forEach(soften);
}

function softened(param: hbs.AST.Expression): hbs.AST.Expression {
  soften(param);
  if (param.type !== 'PathExpression') return param;
  const path = param as hbs.AST.PathExpression;
  const [root, ...rest] = path.parts;
  if (path.data || path.depth > 0 || root === undefined || rest.length === 0 || (rest.length === 1 && THERE.has(root))) return param;
  const { loc } = path;
  const from: hbs.AST.Expression = { ...path, parts: [root], original: root } as hbs.AST.PathExpression;
  return rest.reduce<hbs.AST.Expression>(
    (object, name) =>
      ({
        type: 'SubExpression',
        path: { type: 'PathExpression', data: false, depth: 0, parts: ['lookup'], original: 'lookup', loc },
        params: [object, { type: 'StringLiteral', value: name, original: name, loc }],
        loc,
      }) as hbs.AST.SubExpression,
    from,
  );
}
