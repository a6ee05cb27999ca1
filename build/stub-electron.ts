import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NtExecutable, NtExecutableResource, Resource } from 'resedit';
import type { TargetPlatform } from './electron-builder.ts';

/** By these bytes @electron/fuses finds the switches: version 1, nine of them, all off. */
const fuseWire = Buffer.from(`dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\x01\x09${'0'.repeat(9)}`, 'latin1');

/**
 * Writes a folder that electron-builder takes for Electron, so that packaging can be verified where the binary cannot
 * be downloaded: it has everything that packaging changes, and runs nothing.
 */
export async function writeStubElectron(folder: string, platform: 'linux' | 'win32'): Promise<void> {
  await mkdir(join(folder, 'resources'), { recursive: true });
  await mkdir(join(folder, 'locales'), { recursive: true });
  await writeFile(join(folder, 'resources/default_app.asar'), 'sample');
  await writeFile(join(folder, 'locales/en-US.pak'), '');
  await writeFile(join(folder, executableNames[platform]), stubs[platform](), { mode: 0o755 });
}

const executableNames: Partial<Record<TargetPlatform, string>> & { linux: string; win32: string } = {
  linux: 'electron',
  win32: 'electron.exe',
};

const stubs = {
  linux: () => Buffer.concat([Buffer.from('#!/bin/sh\nexit 1\n'), fuseWire]),
  win32: windowsProgram,
} as const;

/** A Windows program with the version resource that electron-builder edits. */
function windowsProgram(): Buffer {
  const program = NtExecutable.createEmpty(false, false);
  const version = Resource.VersionInfo.createEmpty();
  version.setStringValues(
    { lang: 1033, codepage: 1200 },
    { ProductName: 'Electron', FileDescription: 'Electron' },
  );
  const resources = NtExecutableResource.from(program);
  version.outputToResourceEntries(resources.entries);
  resources.outputResource(program);
  program.setExtraData(fuseWire);
  return Buffer.from(program.generate());
}
