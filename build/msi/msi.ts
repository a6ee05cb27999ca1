import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesIn } from '../files-in.ts';

/** Whether this machine has Debian's packages `wixl` and `msitools`. */
export function canBuildMsi(): boolean {
  return ['wixl', 'wixl-heat', 'msibuild', 'msiextract'].every((tool) => existsSync(join('/usr/bin', tool)));
}

/**
 * Builds the installer of a packaged Windows folder: silent, per machine, a newer one replaces an older one.
 * `msiexec /i Relevo.msi /qn AUTOSTART=1` also starts Relevo with the person's session.
 */
export function buildMsi(packaged: string, version: string, msi: string): void {
  // wixl understands relative paths only.
  const cwd = mkdtempSync(join(tmpdir(), 'relevo-msi-'));
  try {
    symlinkSync(packaged, join(cwd, 'files'));
    copyFileSync(join(import.meta.dirname, 'relevo.wxs'), join(cwd, 'relevo.wxs'));
    copyFileSync(join(import.meta.dirname, '../icon/icon.ico'), join(cwd, 'icon.ico'));

    const heatOptions = ['--component-group=Files', '--directory-ref=INSTALLDIR', '--var=var.Packaged'];
    const fragment = execFileSync('wixl-heat', [...heatOptions, '--win64', '--prefix=files/'], {
      cwd,
      input: filesIn(packaged)
        .map((file) => `files/${file}\n`)
        .join(''),
    });
    writeFileSync(join(cwd, 'files.wxs'), fragment);

    const defines = [`Version=${version}`, 'Icon=icon.ico', 'Packaged=files', 'Win64=yes'];
    const wixlOptions = ['--arch=x64', `--output=${msi}`, ...defines.flatMap((define) => ['-D', define])];
    execFileSync('wixl', [...wixlOptions, 'relevo.wxs', 'files.wxs'], { cwd });
    addWhatWixlCannot(msi);
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** wixl 0.101 aborts on a Condition and ignores Property/@Secure. */
function addWhatWixlCannot(msi: string): void {
  const queries = [
    "UPDATE `Component` SET `Condition` = 'AUTOSTART = 1' WHERE `Component` = 'Autostart'",
    "UPDATE `Property` SET `Value` = 'WIX_DOWNGRADE_DETECTED;WIX_UPGRADE_DETECTED;AUTOSTART' WHERE `Property` = 'SecureCustomProperties'",
  ];
  for (const query of queries) execFileSync('msibuild', [msi, '-q', query]);
}
