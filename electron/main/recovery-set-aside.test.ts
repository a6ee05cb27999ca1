import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openOnlyHere } from './recovery-only-here.ts';
import { removeDatabase, removeExpired, setAside } from './recovery-set-aside.ts';

describe('a copy that cannot be opened', () => {
  let profile: string;
  let folder: string;
  let files: { readonly database: string; readonly keyStore: string };
  const now = Date.UTC(2026, 10, 24, 9, 30, 15);

  beforeEach(() => {
    profile = mkdtempSync(join(tmpdir(), 'relevo-aside-'));
    folder = join(profile, 'unreadable');
    files = { database: join(profile, 'mail.db'), keyStore: join(profile, 'keystore.json') };
    for (const name of ['mail.db', 'mail.db-wal', 'keystore.json']) writeFileSync(join(profile, name), name);
  });
  afterEach(() => rmSync(profile, { recursive: true }));

  it('is set aside whole, with what was committed last and the keys that belong to it', () => {
    setAside(folder, files, now);
    const [name = ''] = readdirSync(folder);
    expect(readdirSync(join(folder, name)).sort()).toEqual(['keystore.json', 'mail.db', 'mail.db-wal']);
    expect(readFileSync(join(folder, name, 'mail.db-wal'), 'utf8')).toBe('mail.db-wal');
    expect(readdirSync(profile).sort()).toEqual(['keystore.json', 'unreadable']);
  });

  it('is kept for as many days as policy says, and then removed', () => {
    setAside(folder, files, now);
    mkdirSync(join(folder, 'something else'));
    removeExpired(folder, 30, now + 30 * 86_400_000 - 1);
    expect(readdirSync(folder)).toHaveLength(2);
    removeExpired(folder, 30, now + 30 * 86_400_000);
    expect(readdirSync(folder)).toEqual(['something else']);
    rmSync(join(folder, 'something else'), { recursive: true });
    removeExpired(folder, 30, now);
    expect(existsSync(folder)).toBe(false);
    removeExpired(folder, 30, now);
  });

  it('is removed with its log where the person wants it gone', () => {
    removeDatabase(files.database);
    expect(readdirSync(profile)).toEqual(['keystore.json']);
  });
});

describe('how much is only here', () => {
  it('is known without any key, as of when it was counted', () => {
    const folder = mkdtempSync(join(tmpdir(), 'relevo-only-here-'));
    const file = join(folder, 'only-here.json');
    expect(openOnlyHere(file).read()).toEqual({ unsent: 0, drafts: 0, unreconciled: 0, countedAt: null });
    const before = Date.now();
    openOnlyHere(file).write({ unsent: 1, drafts: 2, unreconciled: 3 });
    const read = openOnlyHere(file).read();
    expect(read).toMatchObject({ unsent: 1, drafts: 2, unreconciled: 3 });
    expect(read.countedAt).toBeGreaterThanOrEqual(before);
    for (const damaged of ['', '{', '{"unsent":-1}', '[]']) {
      writeFileSync(file, damaged);
      expect(openOnlyHere(file).read().countedAt).toBeNull();
    }
    openOnlyHere(file).remove();
    expect(existsSync(file)).toBe(false);
    rmSync(folder, { recursive: true });
  });
});
