import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { NtExecutable, NtExecutableResource, Resource } from 'resedit';
import type { TargetPlatform } from './electron-builder.ts';

/** By these bytes @electron/fuses finds the switches: version 1, nine of them, all off. */
const fuseWire = Buffer.from(`dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX\x01\x09${'0'.repeat(9)}`, 'latin1');

/**
 * Writes a folder that electron-builder takes for Electron, so that packaging can be verified where the binary cannot
 * be downloaded: it has everything that packaging changes, and runs nothing.
 */
export async function writeStubElectron(folder: string, platform: TargetPlatform): Promise<void> {
  for (const [name, content] of Object.entries(stubs[platform]())) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content, { mode: 0o755 });
  }
}

type Files = Readonly<Record<string, string | Uint8Array>>;

const stubs: Readonly<Record<TargetPlatform, () => Files>> = {
  linux: () => ({
    electron: Buffer.concat([Buffer.from('#!/bin/sh\nexit 1\n'), fuseWire]),
    'resources/default_app.asar': 'sample',
  }),
  win32: () => ({
    'electron.exe': windowsProgram(),
    'resources/default_app.asar': 'sample',
  }),
  darwin: () => {
    const frameworks = 'Electron.app/Contents/Frameworks';
    const helpers = ['', ' (GPU)', ' (Plugin)', ' (Renderer)'].map((suffix) => `Electron Helper${suffix}`);
    return {
      'Electron.app/Contents/MacOS/Electron': 'program',
      'Electron.app/Contents/Info.plist': infoPlist('Electron'),
      'Electron.app/Contents/Resources/electron.icns': 'icon',
      'Electron.app/Contents/Resources/default_app.asar': 'sample',
      [`${frameworks}/Electron Framework.framework/Electron Framework`]: fuseWire,
      ...Object.fromEntries(
        helpers.flatMap((helper) => [
          [`${frameworks}/${helper}.app/Contents/Info.plist`, infoPlist(helper)],
          [`${frameworks}/${helper}.app/Contents/MacOS/${helper}`, 'program'],
        ]),
      ),
    };
  },
};

function infoPlist(executable: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>CFBundleExecutable</key><string>${executable}</string></dict></plist>
`;
}

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
