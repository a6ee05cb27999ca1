import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LockedPackage, shippedPackages } from './licences.ts';
import { repository } from './run.ts';

interface Manifest {
  readonly version: string;
  readonly repository?: string | { readonly url?: string };
}

/**
 * Writes the licence text of every package that ships, as most of them ask for, and where its source is, as MPL-2.0 does.
 * Electron brings its own file.
 */
export function writeNotices(file: string): void {
  const { packages } = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage>;
  };
  const notices = [...shippedPackages(packages)].map(([path, { license }]) => {
    const folder = join(repository, path);
    const texts = readdirSync(folder)
      .filter((name) => /^(licen[cs]e|notice|copying)/i.test(name))
      .map((name) => readFileSync(join(folder, name), 'utf8').trim());
    const { version, repository: source } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    ) as Manifest;
    const name = `${path.replace(/^.*node_modules\//, '')} ${version} (${license ?? 'unknown'})`;
    const place = typeof source === 'string' ? source : source?.url;
    return [[name, ...(place === undefined ? [] : [place])].join('\n'), ...texts].join('\n\n');
  });
  writeFileSync(file, `${notices.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`);
}
