/**
 * Imports point one way (DESIGN §2): domain ← db, messaging ← activities ← workflows (types only); api, cli; runtime composes all.
 * Which imports must be `import type`, and cycles, are oxlint's rules: the parser here does not tell types from values.
 */
const layer = (name, { from, mayImport, why }) => ({
  name,
  severity: 'error',
  comment: why,
  from: { path: from },
  to: { path: '^(activities|api|bench|cli|db|demo|domain|messaging|runtime|test|workflows)/', pathNot: mayImport },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-unresolvable',
      severity: 'error',
      comment: 'The imported file or package is not there.',
      from: {},
      to: { couldNotResolve: true, pathNot: '^db/generated/' },
    },
    {
      name: 'no-dev-packages-in-production',
      severity: 'error',
      comment: 'What ships may only import what is installed in production.',
      from: { path: '^(activities|api|cli|db|demo|domain|messaging|runtime|workflows)/', pathNot: '^runtime/(local|bootstrap)' },
      to: { dependencyTypes: ['npm-dev'] },
    },
    layer('domain-is-pure', { from: '^domain/', mayImport: ['^domain/'], why: 'domain/ imports nothing of ours outside domain/.' }),
    {
      name: 'domain-does-no-io',
      severity: 'error',
      comment:
        'Decisions are pure: no file, socket, database or workflow in domain/. (One file reads a table of its package, once, when it is loaded.)',
      from: { path: '^domain/', pathNot: '^domain/identity/mail-domains[.]ts$' },
      to: {
        path: '(^(node:)?(fs|net|tls|http|https|http2|child_process|dgram|dns|worker_threads)(/|$))|(node_modules/(pg|@prisma|@temporalio|hono(?!/dist/(types/)?(middleware|utils)/jwt)|@hono|nodemailer|smtp-server)/)',
      },
    },
    layer('db-knows-domain', { from: '^db/', mayImport: ['^db/', '^domain/'], why: 'db/ imports domain/ alone.' }),
    layer('messaging-knows-domain', {
      from: '^messaging/',
      mayImport: ['^messaging/', '^domain/'],
      why: 'messaging/ imports domain/ alone.',
    }),
    layer('activities-know-db-and-messaging', {
      from: '^activities/',
      mayImport: ['^activities/', '^db/', '^messaging/', '^domain/', '^workflows/'],
      why: 'activities/ imports db/, messaging/, domain/ (and types of workflows/).',
    }),
    layer('workflows-know-activities', {
      from: '^workflows/',
      mayImport: ['^workflows/', '^activities/', '^domain/loops[.]ts$'],
      why: 'workflows/ imports types of activities/ and of domain/loops.ts.',
    }),
    layer('api-knows-db', {
      from: '^(api|cli)/',
      mayImport: ['^api/', '^cli/', '^db/', '^domain/', '^messaging/', '^runtime/config[.]ts$', '^runtime/bootstrap[.]mjs$'],
      why: 'api/ and cli/ import db/, domain/ and what messaging/ renders.',
    }),
    {
      name: 'cli-and-api-are-apart',
      severity: 'error',
      comment: 'The command talks HTTP; it does not reach into the server.',
      from: { path: '^cli/' },
      to: { path: '^api/' },
    },
    {
      name: 'api-and-cli-are-apart',
      severity: 'error',
      comment: 'The server does not know the command.',
      from: { path: '^api/' },
      to: { path: '^cli/' },
    },
    {
      name: 'nobody-ships-tests',
      severity: 'error',
      comment: 'Production code never imports tests or benchmarks.',
      from: { pathNot: '^(test|bench)/' },
      to: { path: '^(test|bench)/' },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|coverage|console/node_modules)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs'],
    },
  },
};
