import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LockedPackage, shippedPackages } from './licences.ts';
import { repository } from './run.ts';

/** Writes the licence text of every package that ships, as most of them ask for. Electron brings its own file. */
export function writeNotices(file: string): void {
  const { packages } = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage>;
  };
  const notices = [...shippedPackages(packages)].map(([path, { license }]) => {
    const folder = join(repository, path);
    const texts = readdirSync(folder)
      .filter((name) => /^(licen[cs]e|notice|copying)/i.test(name))
      .map((name) => readFileSync(join(folder, name), 'utf8').trim());
    return [`${path.replace(/^.*node_modules\//, '')} (${license ?? 'unknown'})`, ...texts].join('\n\n');
  });
  writeFileSync(file, `${notices.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
}
