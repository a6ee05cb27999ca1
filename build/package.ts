import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Arch, build, Platform } from 'electron-builder';
import { bundle } from './bundle.ts';
import { electronBinary, electronDistribution } from './electron-binary.ts';
import { configuration, type Target, type TargetPlatform } from './electron-builder.ts';
import { buildMsi, canBuildMsi } from './msi/msi.ts';
import { verifyMsi } from './msi/verify-msi.ts';
import { writeNotices } from './notices.ts';
import { repository } from './run.ts';
import { writeStubElectron } from './stub-electron.ts';
import { verifyPackage } from './verify-package.ts';

/**
 * `npm run package` packages for this machine's platform (or `--platform`, `--arch`) into `dist/`, Windows with an MSI
 * where wixl is installed. `--check` also verifies the result, and where Electron's binary is missing packages a stub,
 * so that it needs no download.
 */
const { values: options } = parseArgs({
  options: {
    platform: { type: 'string', default: process.platform },
    arch: { type: 'string', default: process.arch },
    check: { type: 'boolean', default: false },
  },
});

const platforms: Record<TargetPlatform, Platform> = {
  linux: Platform.LINUX,
  win32: Platform.WINDOWS,
  darwin: Platform.MAC,
};

const { version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as { version: string };

if (!(options.platform in platforms) || !['x64', 'arm64'].includes(options.arch)) {
  console.error('There is Relevo for the platforms linux, win32 and darwin, on x64 and arm64.');
  process.exit(2);
}
await bundle();
writeNotices(join(repository, 'out/notices.txt'));
if (options.check && electronBinary() === null) await checkStubs();
else await packageReally();

async function packageReally(): Promise<void> {
  const target = { platform: options.platform, arch: options.arch } as Target;
  const isHost = target.platform === process.platform && target.arch === process.arch;
  const distribution = isHost && electronBinary() !== null ? electronDistribution : null;
  await packageFor(target, distribution, join(repository, 'dist'));
}

/** Each platform from a stub, Windows as an MSI too. */
async function checkStubs(): Promise<void> {
  console.log("Electron's binary is not installed: packaging stubs, to verify everything else.");
  const folder = await mkdtemp(join(tmpdir(), 'relevo-package-'));
  try {
    for (const platform of ['linux', 'win32', 'darwin'] as const) {
      const distribution = join(folder, 'electron', platform);
      await writeStubElectron(distribution, platform);
      const arch = platform === 'darwin' ? 'arm64' : 'x64';
      await packageFor({ platform, arch }, distribution, join(folder, 'dist'));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function packageFor(target: Target, distribution: string | null, output: string): Promise<void> {
  const config = configuration(target, distribution);
  await build({
    projectDir: repository,
    targets: platforms[target.platform].createTarget(
      distribution !== null && options.check ? 'dir' : null,
      Arch[target.arch],
    ),
    config: { ...config, directories: { ...config.directories, output } },
  });
  const folder = join(output, folderName(target));
  const name = `${target.platform} ${target.arch}`;
  if (options.check) {
    await verifyPackage(folder, target);
    console.log(
      `ok     ${name}: archive, native module, fuses${target.platform === 'linux' ? '' : ', integrity'}`,
    );
  }
  if (target.platform !== 'win32' || target.arch !== 'x64') return;
  if (!canBuildMsi()) {
    console.log(`${folder} is ready; its MSI is built where wixl and msitools are installed.`);
    return;
  }
  const msi = join(output, `Relevo-${version}-${target.arch}.msi`);
  buildMsi(folder, version, msi);
  if (options.check) {
    verifyMsi(msi, folder, version);
    console.log(`ok     ${name}: MSI`);
  }
}

/** As electron-builder names its folders. */
function folderName({ platform, arch }: Target): string {
  const suffix = arch === 'x64' ? '' : `-${arch}`;
  if (platform === 'darwin') return `mac${suffix}`;
  return `${platform === 'win32' ? 'win' : 'linux'}${suffix}-unpacked`;
}
