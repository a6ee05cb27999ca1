import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DirectoryRecord, getRawHeader } from '@electron/asar';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { NtExecutable, NtExecutableResource } from 'resedit';
import { executableIn, fuses, nativeModules, type Target } from './electron-builder.ts';
import { filesIn } from './files-in.ts';

/** What the archive may hold, and nothing else. */
const expected = [
  /^package\.json$/,
  /^out\/notices\.txt$/,
  /^out\/(main|preload|engine)\/index\.cjs$/,
  /^out\/engine\/store-thread\.cjs$/,
  /^out\/renderer\/[\w.-]+\.(html|js|css|svg|png|woff2)$/,
  /^node_modules\/better-sqlite3\/(package\.json|LICENSE|lib\/[\w/-]+\.js)$/,
];

/** What it may hold on Windows besides. */
const expectedOnWindows = [
  /^node_modules\/native-reg\/(package\.json|lib\/index\.js)$/,
  /^node_modules\/node-gyp-build\/(package\.json|LICENSE|index\.js|node-gyp-build\.js)$/,
];

/** What it must hold. */
const required = [
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

/** Throws, with what is wrong, unless the packaged folder holds the app, only the app, and locked as it should be. */
export async function verifyPackage(folder: string, target: Target): Promise<void> {
  const resources = join(
    folder,
    target.platform === 'darwin' ? 'Relevo.app/Contents/Resources' : 'resources',
  );
  verifyArchive(resources, target);
  assert(!existsSync(join(resources, 'default_app.asar')), "Electron's sample app is still there");
  await verifyFuses(folder, target);
  if (target.platform === 'win32') verifyIntegrity(resources, executableIn(folder, 'win32'));
  if (target.platform === 'darwin') verifyInfoPlist(resources);
}

function verifyArchive(resources: string, target: Target): void {
  const archive = join(resources, 'app.asar');
  const unpacked = filesIn(join(resources, 'app.asar.unpacked')).map(withSlashes);
  assert.deepEqual(
    [...unpacked].sort(),
    [...nativeModules(target)].sort(),
    'not exactly the native modules of the platform are unpacked',
  );

  const native = nativeModules(target);
  const files = archivedFiles(getRawHeader(archive).header).filter((file) => !native.includes(file));
  const allowed = target.platform === 'win32' ? [...expected, ...expectedOnWindows] : expected;
  const surplus = files.filter((file) => !allowed.some((pattern) => pattern.test(file)));
  assert.deepEqual(surplus, [], 'the archive holds what should not ship');
  const missing = required.filter((file) => !files.includes(file));
  assert.deepEqual(missing, [], 'the archive lacks what should ship');
}

function archivedFiles({ files }: DirectoryRecord, path = ''): readonly string[] {
  return Object.entries(files).flatMap(([name, entry]) =>
    'files' in entry ? archivedFiles(entry, `${path}${name}/`) : [path + name],
  );
}

async function verifyFuses(folder: string, target: Target): Promise<void> {
  const wire = await getCurrentFuseWire(executableIn(folder, target.platform));
  for (const fuse of Object.values(FuseV1Options).filter((value) => typeof value === 'number')) {
    const wanted = fuses[fuse] === true ? FuseState.ENABLE : FuseState.DISABLE;
    assert.equal(wire[fuse], wanted, `the fuse ${FuseV1Options[fuse]} is not as it should be`);
  }
}

/** Windows: the program holds the hash of the archive's header, by which Electron refuses any other archive. */
function verifyIntegrity(resources: string, program: string): void {
  const { entries } = NtExecutableResource.from(NtExecutable.from(readFileSync(program)));
  const entry = entries.find(({ type, id }) => type === 'INTEGRITY' && id === 'ELECTRONASAR');
  assert(entry !== undefined, 'the program holds no hash of the archive');
  assert.deepEqual(JSON.parse(Buffer.from(entry.bin).toString()), [
    { file: 'resources\\app.asar', alg: 'SHA256', value: headerHash(resources) },
  ]);
}

/** macOS: the same hash stands in Info.plist. */
function verifyInfoPlist(resources: string): void {
  const plist = readFileSync(join(resources, '../Info.plist'), 'utf8');
  assert(plist.includes('<key>ElectronAsarIntegrity</key>'), 'Info.plist holds no hash of the archive');
  assert(plist.includes(headerHash(resources)), 'Info.plist holds the hash of another archive');
  assert(plist.includes('<string>mailto</string>'), 'Info.plist does not offer to open mailto links');
}

function headerHash(resources: string): string {
  const { headerString } = getRawHeader(join(resources, 'app.asar'));
  return createHash('sha256').update(headerString).digest('hex');
}

const withSlashes = (file: string): string => file.replaceAll('\\', '/');
