import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesIn } from '../files-in.ts';

/** Throws unless the installer holds exactly the packaged folder, and says to Windows what it should. */
export function verifyMsi(msi: string, packaged: string, version: string): void {
  const scratch = mkdtempSync(join(tmpdir(), 'relevo-msi-'));
  try {
    execFileSync('msiextract', ['-C', scratch, msi], { stdio: 'ignore' });
    const extracted = join(scratch, 'Relevo');
    assert.deepEqual(
      filesIn(extracted),
      filesIn(packaged),
      'the installer holds other files than the folder',
    );
    for (const file of filesIn(packaged))
      assert(
        readFileSync(join(extracted, file)).equals(readFileSync(join(packaged, file))),
        `${file} differs in the installer`,
      );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }

  const property = new Map(table(msi, 'Property').map(([name = '', value = '']) => [name, value]));
  assert.equal(property.get('ProductVersion'), version);
  assert.equal(property.get('ALLUSERS'), '1', 'not per machine');
  assert.match(property.get('SecureCustomProperties') ?? '', /\bAUTOSTART\b/);

  const autostart = table(msi, 'Component').find(([name]) => name === 'Autostart');
  assert.equal(autostart?.[4], 'AUTOSTART = 1', 'autostart has lost its condition');

  const registry = table(msi, 'Registry').map((row) => row.slice(1, 5).join(' '));
  const hklm = '2';
  assert(
    registry.includes(
      `${hklm} Software\\Clients\\Mail\\Relevo\\Capabilities\\URLAssociations mailto Relevo.mailto`,
    ),
  );
  assert(
    registry.includes(
      `${hklm} Software\\Classes\\Relevo.mailto\\shell\\open\\command  "[INSTALLDIR]Relevo.exe" -- "%1"`,
    ),
  );

  const upgrades = table(msi, 'Upgrade').map((row) => row[6]);
  assert.deepEqual(upgrades.sort(), ['WIX_DOWNGRADE_DETECTED', 'WIX_UPGRADE_DETECTED']);
}

/** The rows of a table, without the three lines that describe its columns. */
function table(msi: string, name: string): readonly (readonly string[])[] {
  return execFileSync('msiinfo', ['export', msi, name], { encoding: 'utf8' })
    .split(/\r?\n/)
    .slice(3)
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
}
