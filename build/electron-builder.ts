import { glob, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type FuseConfig, FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses';
import type { AfterPackContext, Configuration } from 'electron-builder';

export type TargetPlatform = 'linux' | 'win32' | 'darwin';

export interface Target {
  readonly platform: TargetPlatform;
  readonly arch: 'x64' | 'arm64';
}

/** Every switch that is built into Electron's binary; a new one in a later Electron fails the build until it is set here. */
export const fuses: FuseConfig = {
  version: FuseVersion.V1,
  strictlyRequireAllFuses: true,
  [FuseV1Options.RunAsNode]: false,
  [FuseV1Options.EnableCookieEncryption]: true,
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: false,
  [FuseV1Options.EnableNodeCliInspectArguments]: false,
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation]: true,
  [FuseV1Options.OnlyLoadAppFromAsar]: true,
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  [FuseV1Options.GrantFileProtocolExtraPrivileges]: false,
  [FuseV1Options.WasmTrapHandlers]: true,
};

/** The native modules of the app, for one platform: SQLite, and on Windows what reads the registry. */
export const nativeModules = ({ platform, arch }: Target): readonly string[] => [
  `node_modules/better-sqlite3/prebuilds/${platform}-${arch}.node`,
  ...(platform === 'win32' ? [`node_modules/native-reg/prebuilds/win32-${arch}/node.napi.node`] : []),
];

/** What the bundle leaves outside because it loads them, besides the native files themselves. */
const scriptsOfNativeModules = ({ platform }: Target): readonly string[] => [
  'node_modules/better-sqlite3/{package.json,LICENSE}',
  'node_modules/better-sqlite3/lib/**',
  ...(platform === 'win32'
    ? [
        'node_modules/native-reg/{package.json,lib/index.js}',
        'node_modules/node-gyp-build/{package.json,LICENSE,index.js,node-gyp-build.js}',
      ]
    : []),
];

/**
 * How the app is packaged. `distribution` is a folder that holds Electron; null lets electron-builder download it.
 *
 * Everything but the native modules is in the bundle, so `files` begins with what is wanted, and takes them besides.
 * The native files are named here because electron-builder's `${platform}` is the machine that builds.
 */
export function configuration(target: Target, distribution: string | null): Configuration {
  return {
    appId: 'com.relevo.app',
    productName: 'Relevo',
    directories: { output: 'dist', buildResources: 'build/icon' },
    files: [
      'out/**',
      '!out/**/*.map',
      'package.json',
      '!node_modules/**',
      ...scriptsOfNativeModules(target),
      ...nativeModules(target),
    ],
    asar: { smartUnpack: false },
    asarUnpack: ['**/*.node'],
    npmRebuild: false,
    publish: null,
    ...(distribution === null ? {} : { electronDist: distribution }),
    afterExtract: removeSampleApp,
    afterPack: setFuses,
    linux: { target: 'dir', icon: 'build/icon/icon.png', category: 'Office', executableName: 'relevo' },
    win: { target: 'dir', icon: 'build/icon/icon.ico' },
    mac: {
      target: 'dmg',
      icon: 'build/icon/icon.icns',
      category: 'public.app-category.productivity',
      hardenedRuntime: true,
      protocols: [{ name: 'E-mail address', schemes: ['mailto'] }],
    },
    dmg: {
      title: 'Relevo',
      contents: [
        { x: 160, y: 200, type: 'file' },
        { x: 440, y: 200, type: 'link', path: '/Applications' },
      ],
    },
  };
}

/** A given distribution still holds Electron's own sample app; gone before the archives are hashed. */
async function removeSampleApp({ appOutDir }: Pick<AfterPackContext, 'appOutDir'>): Promise<void> {
  for await (const file of glob('**/default_app.asar', { cwd: appOutDir })) await rm(join(appOutDir, file));
}

async function setFuses({ appOutDir, electronPlatformName }: AfterPackContext): Promise<void> {
  await flipFuses(executableIn(appOutDir, electronPlatformName as TargetPlatform), fuses);
}

/** The program that a person starts, inside electron-builder's output folder. */
export function executableIn(folder: string, platform: TargetPlatform): string {
  const names: Record<TargetPlatform, string> = {
    linux: 'relevo',
    win32: 'Relevo.exe',
    darwin: 'Relevo.app',
  };
  return join(folder, names[platform]);
}
