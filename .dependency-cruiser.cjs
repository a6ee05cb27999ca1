/**
 * The dependency rule of ARCHITECTURE.md. Each rule is an error, type imports included; build/layers.test.ts proves
 * that each of them refuses what it is there to refuse.
 */
const tests = '\\.(test|itest)\\.tsx?$|/testing/';
const features =
  'calendar|failover|identities|sign-in|sync|outbox|drafts|reconcile|search|enrolment|readiness';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'shared-imports-nothing-of-ours',
      severity: 'error',
      from: { path: '^shared/' },
      to: { path: '^(electron|renderer|build|e2e|bench)/' },
    },
    {
      name: 'shared-runs-everywhere',
      comment: 'Both sides of the bridge load it, and the sandboxed preload too.',
      severity: 'error',
      from: { path: '^shared/', pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'renderer-never-electron-folder',
      severity: 'error',
      from: { path: '^renderer/' },
      to: { path: '^electron/' },
    },
    {
      name: 'electron-folder-never-renderer',
      severity: 'error',
      from: { path: '^electron/' },
      to: { path: '^renderer/' },
    },
    {
      name: 'renderer-without-node',
      severity: 'error',
      from: { path: '^renderer/', pathNot: tests },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'electron-only-in-main-and-preload',
      severity: 'error',
      from: { path: '^(shared|renderer|electron)/', pathNot: '^electron/(main|preload)/' },
      to: { path: '(^|/)node_modules/electron/|^electron$' },
    },
    {
      name: 'preload-imports-only-shared',
      severity: 'error',
      from: { path: '^electron/preload/' },
      to: { path: '^electron/(main|engine|cli)/' },
    },
    {
      name: 'main-knows-only-the-protocol-of-the-engine',
      severity: 'error',
      from: { path: '^electron/main/', pathNot: tests },
      to: { path: '^electron/(engine|preload|cli)/', pathNot: '^electron/engine/(protocol|ports)\\.ts$' },
    },
    {
      name: 'engine-stands-alone',
      severity: 'error',
      from: { path: '^electron/engine/' },
      to: { path: '^electron/(main|preload|cli)/' },
    },
    {
      name: 'cli-is-the-engine-without-a-window',
      severity: 'error',
      from: { path: '^electron/cli/' },
      to: { path: '^electron/(main|preload)/' },
    },
    {
      name: 'core-imports-no-package',
      comment: 'A core/ folder is pure: no Node, SQL, clock, randomness or logger.',
      severity: 'error',
      from: { path: '/core/', pathNot: tests },
      to: {
        dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'],
      },
    },
    {
      name: 'core-imports-only-shared-and-itself',
      comment: 'Besides, it may name the types of the ports and of parsed mail.',
      severity: 'error',
      from: { path: '^(electron/engine/[^/]+/core/)', pathNot: tests },
      to: {
        path: '^(shared|electron|renderer|build|e2e|bench)/',
        pathNot: ['^$1', '^shared/', '^electron/engine/(ports|mail/types|mime/types)\\.ts$'],
      },
    },
    {
      name: 'features-meet-only-through-ports',
      severity: 'error',
      from: { path: `^electron/engine/(${features})/`, pathNot: tests },
      to: { path: `^electron/engine/(${features})/`, pathNot: '^electron/engine/$1/' },
    },
    {
      name: 'features-never-import-their-root',
      severity: 'error',
      from: { path: '^electron/engine/[^/]+/', pathNot: tests },
      to: { path: '^electron/engine/(index|engine|account-engine|methods)\\.ts$' },
    },
    {
      name: 'nothing-below-knows-a-feature',
      comment: "A feature's own queries may name the types of its core.",
      severity: 'error',
      from: { path: '^electron/engine/(mail|mime|conversation|cache)/', pathNot: tests },
      to: { path: `^electron/engine/(${features})/`, pathNot: '/core/' },
    },
    {
      name: 'sockets-are-made-in-one-place',
      comment:
        'Proxies, trust, deadlines and evidence are decided in net/. A browser that signs in comes back to a server.',
      severity: 'error',
      from: {
        path: '^electron/',
        pathNot: [tests, '^electron/engine/net/', '^electron/engine/sign-in/loopback-redirect\\.ts$'],
      },
      to: {
        path: '^(node:)?(net|tls|https?|http2|dgram|dns)(/|$)',
        dependencyTypes: ['core'],
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'libraries-connect-only-through-net',
      comment: 'Each of these can connect by itself, and is handed a connection instead.',
      severity: 'error',
      from: {
        path: '^electron/',
        pathNot: [
          tests,
          '^electron/engine/mail/(imap-session|submission)\\.ts$',
          '^electron/engine/mime/compose\\.ts$',
          '^electron/cli/probe/connection\\.ts$',
        ],
      },
      to: {
        path: '(^|/)node_modules/(@types/)?(imapflow|nodemailer|socks|undici)/',
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'window-features-meet-only-in-their-root',
      severity: 'error',
      from: { path: '^renderer/features/([^/]+)/', pathNot: tests },
      to: { path: '^renderer/features/', pathNot: '^renderer/features/$1/' },
    },
    {
      name: 'ui-is-presentational',
      severity: 'error',
      from: { path: '^renderer/ui/' },
      to: { path: '^renderer/(features|bridge)/' },
    },
    {
      name: 'product-never-imports-tools',
      severity: 'error',
      from: { path: '^(shared|electron|renderer)/', pathNot: tests },
      to: { path: '^(build|e2e|bench)/' },
    },
    {
      name: 'product-imports-only-what-ships',
      severity: 'error',
      from: { path: '^(shared|electron|renderer)/', pathNot: tests },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        dependencyTypesNot: ['type-only'],
        pathNot: '(^|/)node_modules/(electron|@types)/|^electron$',
      },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^(shared|electron|renderer)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|dist|\\.cache|test-results)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.d.ts', '.js', '.cjs', '.mjs', '.json'],
    },
  },
};
