import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type BuildOptions, build, context, type Plugin } from 'esbuild';

const repository = join(import.meta.dirname, '..');

export type Bundle = 'main' | 'preload' | 'engine' | 'renderer';

/**
 * What the packaged app loads from its own `node_modules`: Electron provides the one, and the other holds a
 * native binary, as does `native-reg`, which is not even found here because it is loaded by name on Windows alone.
 * Everything else is bundled, so no other dependency is shipped as a folder.
 */
const external = ['electron', 'better-sqlite3'];

/** `development` keeps the code readable and React's warnings; `production` is what ships and what is tested. */
export type BundleMode = 'production' | 'development';

/**
 * Bundles the four processes into `out/`: main, preload and engine as CommonJS (a sandboxed preload can be
 * nothing else), the window as ES modules. Rejects with esbuild's messages when one does not compile.
 */
export async function bundle(mode: BundleMode = 'production'): Promise<void> {
  await Promise.all([...allOptions(mode).values()].map((options) => build(options)));
  await copyPage();
}

/** Bundles, then bundles again after every change and says which; until the returned function is called. */
export async function watch(onBuilt: (name: Bundle) => void): Promise<() => Promise<void>> {
  const contexts = await Promise.all(
    [...allOptions('development')].map(async ([name, options]) => {
      const first = Promise.withResolvers<void>();
      let isFirst = true;
      const tell: Plugin = {
        name: 'tell',
        setup: (run) =>
          run.onEnd(async ({ errors }) => {
            if (name === 'renderer') await copyPage();
            if (isFirst) first.resolve();
            else if (errors.length === 0) onBuilt(name);
            isFirst = false;
          }),
      };
      const watched = await context({ ...options, plugins: [tell] });
      await watched.watch();
      await first.promise;
      return watched;
    }),
  );
  return async () => {
    await Promise.all(contexts.map((watched) => watched.dispose()));
  };
}

function allOptions(mode: BundleMode): ReadonlyMap<Bundle, BuildOptions> {
  const common: BuildOptions = {
    absWorkingDir: repository,
    bundle: true,
    minifySyntax: mode === 'production',
    sourcemap: 'linked',
    legalComments: 'eof',
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
  };
  const forNode = (name: Bundle): BuildOptions => ({
    ...common,
    entryPoints: { [`${name}/index`]: `electron/${name}/index.ts` },
    outdir: 'out',
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    external,
    loader: { '.sql': 'text' },
  });
  return new Map<Bundle, BuildOptions>([
    ['main', forNode('main')],
    ['preload', { ...forNode('preload'), platform: 'browser', external: ['electron'] }],
    [
      'engine',
      {
        ...forNode('engine'),
        entryPoints: {
          'engine/index': 'electron/engine/index.ts',
          'engine/store-thread': 'electron/engine/sync/store-thread-entry.ts',
        },
      },
    ],
    [
      'renderer',
      {
        ...common,
        entryPoints: ['renderer/index.tsx'],
        outdir: 'out/renderer',
        format: 'esm',
        platform: 'browser',
        target: 'chrome140',
        jsx: 'automatic',
        minify: mode === 'production',
        loader: { '.woff2': 'file', '.svg': 'file', '.png': 'file' },
      },
    ],
  ]);
}

/** The page refers to `index.js` and `index.css` beside it; it has no script of its own. */
async function copyPage(): Promise<void> {
  await mkdir(join(repository, 'out/renderer'), { recursive: true });
  await copyFile(join(repository, 'renderer/index.html'), join(repository, 'out/renderer/index.html'));
}

// esbuild has printed what is wrong by then.
if (import.meta.main) await bundle().catch(() => process.exit(1));
