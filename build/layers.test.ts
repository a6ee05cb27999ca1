import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository, runTool } from './run.ts';

/** Rule, the file that breaks it, and the line with which it does. */
type Trespass = readonly [rule: string, file: string, line: string];

const trespasses: readonly Trespass[] = [
  ['shared-imports-nothing-of-ours', 'shared/a.ts', "import '../electron/main/ok.ts';"],
  ['shared-imports-nothing-of-ours', 'shared/b.ts', "import type { Ok } from '../renderer/ok.ts';"],
  ['shared-runs-everywhere', 'shared/c.ts', "import 'node:fs';"],
  ['renderer-never-electron-folder', 'renderer/a.ts', "import '../electron/engine/ok.ts';"],
  ['renderer-never-electron-folder', 'renderer/b.ts', "import type { Ok } from '../electron/engine/ok.ts';"],
  ['renderer-without-node', 'renderer/c.ts', "import type { Stats } from 'node:fs';"],
  ['electron-folder-never-renderer', 'electron/main/a.ts', "import type { Ok } from '../../renderer/ok.ts';"],
  ['electron-only-in-main-and-preload', 'electron/engine/a.ts', "import { app } from 'electron';"],
  ['electron-only-in-main-and-preload', 'electron/cli/a.ts', "import type { App } from 'electron';"],
  ['electron-only-in-main-and-preload', 'renderer/d.ts', "import type { App } from 'electron';"],
  ['electron-only-in-main-and-preload', 'shared/d.ts', "import type { App } from 'electron';"],
  ['preload-imports-only-shared', 'electron/preload/a.ts', "import type { Ok } from '../engine/ok.ts';"],
  [
    'main-knows-only-the-protocol-of-the-engine',
    'electron/main/b.ts',
    "import type { Ok } from '../engine/sync/ok.ts';",
  ],
  ['engine-stands-alone', 'electron/engine/b.ts', "import type { Ok } from '../main/ok.ts';"],
  ['cli-is-the-engine-without-a-window', 'electron/cli/b.ts', "import '../main/ok.ts';"],
  ['core-imports-no-package', 'electron/engine/sync/core/a.ts', "import 'node:crypto';"],
  ['core-imports-no-package', 'electron/engine/sync/core/b.ts', "import type { Stats } from 'node:fs';"],
  [
    'core-imports-no-package',
    'electron/engine/sync/core/c.ts',
    "import type Database from 'better-sqlite3';",
  ],
  ['core-imports-only-shared-and-itself', 'electron/engine/sync/core/d.ts', "import '../ok.ts';"],
  [
    'core-imports-only-shared-and-itself',
    'electron/engine/sync/core/e.ts',
    "import type { Ok } from '../../cache/ok.ts';",
  ],
  [
    'features-meet-only-through-ports',
    'electron/engine/outbox/a.ts',
    "import type { Ok } from '../sync/ok.ts';",
  ],
  ['features-never-import-their-root', 'electron/engine/outbox/b.ts', "import '../engine.ts';"],
  ['nothing-below-knows-a-feature', 'electron/engine/cache/a.ts', "import '../sync/ok.ts';"],
  ['sockets-are-made-in-one-place', 'electron/engine/outbox/c.ts', "import { connect } from 'node:tls';"],
  ['sockets-are-made-in-one-place', 'electron/engine/failover/a.ts', "import net from 'net';"],
  ['sockets-are-made-in-one-place', 'electron/main/e.ts', "import { request } from 'node:https';"],
  ['sockets-are-made-in-one-place', 'electron/cli/c.ts', "import { lookup } from 'node:dns/promises';"],
  ['libraries-connect-only-through-net', 'electron/engine/sync/a.ts', "import { ImapFlow } from 'imapflow';"],
  [
    'libraries-connect-only-through-net',
    'electron/main/f.ts',
    "import { createTransport } from 'nodemailer';",
  ],
  [
    'window-features-meet-only-in-their-root',
    'renderer/features/reader/a.ts',
    "import type { Ok } from '../composer/ok.ts';",
  ],
  ['ui-is-presentational', 'renderer/ui/a.ts', "import '../features/composer/ok.ts';"],
  ['product-never-imports-tools', 'electron/main/c.ts', "import '../../e2e/ok.ts';"],
  ['product-imports-only-what-ships', 'electron/main/d.ts', "import 'mailparser';"],
  ['no-cycles', 'shared/e.ts', "import './f.ts';"],
  ['resolvable', 'shared/g.ts', "import './missing.ts';"],
];

/** What the rules must leave alone. */
const allowed: readonly (readonly [file: string, line: string])[] = [
  [
    'electron/main/fine.ts',
    "import { app } from 'electron'; import type { Ok } from '../engine/protocol.ts';",
  ],
  [
    'electron/engine/outbox/core/fine.ts',
    "import '../../../../shared/ok.ts'; import './ok.ts'; import type { Ok } from '../../ports.ts';",
  ],
  [
    'electron/engine/fine.ts',
    "import './sync/ok.ts'; import './outbox/ok.ts'; import type { ImapFlow } from 'imapflow';",
  ],
  ['electron/engine/net/fine.ts', "import { connect } from 'node:tls'; import 'node:https';"],
  ['electron/engine/failover/fine.ts', "import type { Socket } from 'node:net'; import '../net/ok.ts';"],
  ['renderer/fine.ts', "import './features/reader/ok.ts'; import '../shared/ok.ts';"],
  ['electron/engine/sync/fine.itest.ts', "import '../../../e2e/ok.ts'; import '../outbox/ok.ts';"],
];

const harmless = [
  'shared/ok.ts',
  'renderer/ok.ts',
  'renderer/features/composer/ok.ts',
  'renderer/features/reader/ok.ts',
  'electron/main/ok.ts',
  'electron/engine/ok.ts',
  'electron/engine/engine.ts',
  'electron/engine/ports.ts',
  'electron/engine/protocol.ts',
  'electron/engine/cache/ok.ts',
  'electron/engine/sync/ok.ts',
  'electron/engine/net/ok.ts',
  'electron/engine/outbox/ok.ts',
  'electron/engine/outbox/core/ok.ts',
  'e2e/ok.ts',
];

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string; readonly severity: string };
}

interface Finding {
  readonly severity: string;
  readonly category: string;
  readonly location: { readonly path: string };
}

/** Text that a linter rule must refuse: rule as the linter names it, file, source. */
const impurities: readonly Trespass[] = [
  ['plugin', 'electron/engine/outbox/core/clock.ts', 'export const a = Date.now();'],
  ['plugin', 'electron/engine/outbox/core/date.ts', 'export const a = new Date();'],
  ['plugin', 'electron/engine/outbox/core/dice.ts', 'export const a = Math.random();'],
  [
    'lint/style/noRestrictedGlobals',
    'electron/engine/outbox/core/timer.ts',
    'export const a = () => setTimeout(() => {}, 1);',
  ],
  [
    'lint/style/noRestrictedGlobals',
    'electron/engine/outbox/core/log.ts',
    "export const a = () => console.log('a');",
  ],
  [
    'lint/style/noRestrictedGlobals',
    'electron/engine/outbox/fetch.ts',
    "export const a = () => fetch('https://a.example/');",
  ],
  [
    'lint/style/noRestrictedGlobals',
    'electron/main/socket.ts',
    "export const a = () => new WebSocket('wss://a.example/');",
  ],
  [
    'lint/style/noRestrictedImports',
    'electron/main/net.ts',
    "import { net } from 'electron';\nexport const a = net;",
  ],
  ['lint/style/noJsxLiterals', 'renderer/features/reader/text.tsx', 'export const A = () => <p>Hello</p>;'],
  ['plugin', 'renderer/features/reader/label.tsx', 'export const A = () => <section aria-label="Hello" />;'],
  [
    'plugin',
    'renderer/features/reader/choice.tsx',
    "export const A = (p: { b: boolean }) => <abbr title={p.b ? 'Yes' : 'No'} />;",
  ],
  [
    'plugin',
    'renderer/features/reader/template.tsx',
    `export const A = (p: { t: (key: string) => string }) => <abbr title={\`\${p.t('a.b')} or not\`} />;`,
  ],
  ['plugin', 'renderer/features/reader/bridge.ts', 'export const a = window.relevo;'],
  [
    'lint/nursery/noFloatingPromises',
    'electron/main/floating.ts',
    'async function a(): Promise<void> {}\nexport function b(): void {\n  a();\n}',
  ],
];

/** Texts and attributes that the linter must leave alone. */
const translated = `export const A = ({ t, keys }: { t: (key: string) => string; keys: string }) => (
  <abbr title={\`\${t('a.b')} (\${keys})\`} aria-labelledby="id" className="c">
    {t('a.c')}
  </abbr>
);`;

let tree = '';
const write = (file: string, text: string): void => {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), `${text}\n`);
};

beforeAll(() => {
  tree = mkdtempSync(join(tmpdir(), 'relevo-layers-'));
  for (const file of ['package.json', 'biome.json', '.gitignore', 'build/lint'])
    cpSync(join(repository, file), join(tree, file), { recursive: true });
  symlinkSync(join(repository, 'node_modules'), join(tree, 'node_modules'), 'dir');
});

afterAll(() => rmSync(tree, { recursive: true, force: true }));

describe('the dependency rule', () => {
  let violations: readonly string[] = [];

  beforeAll(async () => {
    for (const file of harmless) write(file, 'export type Ok = true;');
    write('shared/f.ts', "import './e.ts';");
    for (const [, file, line] of trespasses) write(file, line);
    for (const [file, line] of allowed) write(file, line);
    const { output } = await runTool(
      'dependency-cruiser',
      'depcruise',
      [
        '--config',
        join(repository, '.dependency-cruiser.cjs'),
        '--output-type=json',
        'shared',
        'electron',
        'renderer',
        'e2e',
      ],
      { output: 'capture', cwd: tree },
    );
    const { summary } = JSON.parse(output) as { summary: { violations: Violation[] } };
    violations = summary.violations.map(({ from, rule }) => `${rule.severity} ${rule.name} ${from}`);
  });

  it.each(trespasses)('%s is an error in %s', (rule, file) => {
    expect(violations).toContain(`error ${rule} ${file}`);
  });

  it('has no rule that is not proved here', () => {
    const config = createRequire(import.meta.url)('../.dependency-cruiser.cjs') as {
      forbidden: readonly { name: string }[];
    };
    expect(new Set(trespasses.map(([rule]) => rule))).toEqual(
      new Set(config.forbidden.map(({ name }) => name)),
    );
  });

  it.each(allowed)('leaves %s alone', (file) => {
    expect(violations.filter((violation) => violation.endsWith(` ${file}`))).toEqual([]);
  });
});

describe('the linter', () => {
  let findings: readonly string[] = [];

  beforeAll(async () => {
    for (const [, file, source] of impurities) write(file, source);
    write('renderer/features/reader/fine.tsx', translated);
    const { output } = await runTool(
      '@biomejs/biome',
      'biome',
      ['lint', '--reporter=json', '--max-diagnostics=none', 'renderer', 'electron'],
      { output: 'capture', cwd: tree },
    );
    const { diagnostics } = JSON.parse(output.split('\n').find((line) => line.startsWith('{')) ?? '') as {
      diagnostics: Finding[];
    };
    findings = diagnostics.map(
      ({ severity, category, location }) => `${severity} ${category} ${location.path}`,
    );
  });

  it('leaves text from the catalogues alone, and attributes that nobody reads', () => {
    expect(findings.filter((finding) => finding.endsWith('fine.tsx'))).toEqual([]);
  });

  it.each(impurities)('%s is an error in %s', (rule, file) => {
    expect(findings).toContain(`error ${rule} ${file}`);
  });
});
