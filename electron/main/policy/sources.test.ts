import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, buildBinary } from 'plist';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolvePolicy } from '../../../shared/policy/resolve.ts';
import { registryKey } from '../../../shared/policy/vendor.ts';
import { developmentFile, jsonFolder } from './json-files.ts';
import { managedPreferences, readManagedPreferences } from './managed-preferences.ts';
import { distrust } from './trusted-file.ts';
import { type RegistryValue, readRegistryPolicy, windowsRegistry } from './windows-registry.ts';

/** Samples as each system records them; read on every system. */
const me = process.getuid?.() ?? 0;
const nobody = { place: 'settings.json', values: {} };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relevo-policy-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const server = (host: string, port: number) => ({ host, port, security: 'tls' });
const provider = (domain: string) => ({
  imap: server(`imap.${domain}`, 993),
  submission: server(`smtp.${domain}`, 465),
  authentication: { kind: 'password', user: 'alice' },
});
const account = {
  address: 'alice@corp.example',
  displayName: 'Alice',
  exchange: provider('corp.example'),
  continuity: provider('continuity.example'),
};

describe('Windows', () => {
  const text = (value: string): RegistryValue => ({ type: 1, data: Buffer.from(`${value}\0`, 'utf16le') });
  const lines = (...values: string[]): RegistryValue => ({
    type: 7,
    data: Buffer.from(`${values.join('\0')}\0\0`, 'utf16le'),
  });
  const dword = (value: number): RegistryValue => {
    const data = Buffer.alloc(4);
    data.writeUInt32LE(value);
    return { type: 4, data };
  };
  const registry = (keys: Record<string, Record<string, RegistryValue>>) => (path: string) =>
    keys[path] ?? null;

  it('reads both layers as group policies write them', () => {
    const reading = readRegistryPolicy(
      registry({
        [`${registryKey}\\Defaults`]: { 'sync.windowDays': dword(14) },
        [`${registryKey}\\Enforced`]: {
          accounts: lines(...JSON.stringify([account], null, 1).split('\n')),
          'admin.contact': text('it@corp.example'),
          'keystore.allowUnprotected': dword(0),
          'sync.leftOutFolders': lines('Archive', 'Projects'),
        },
      }),
    );
    const { policy, sources, refused } = resolvePolicy(reading, nobody);
    expect(refused).toEqual([]);
    expect(policy).toMatchObject({
      accounts: [account],
      'admin.contact': 'it@corp.example',
      'keystore.allowUnprotected': false,
      'sync.leftOutFolders': ['Archive', 'Projects'],
      'sync.windowDays': 14,
    });
    expect([sources['sync.windowDays'], sources.accounts]).toEqual(['default', 'enforced']);
  });

  it('finds nothing where there is no key', () => {
    expect(readRegistryPolicy(() => null)).toEqual({ documents: [], refused: [] });
  });

  it('names the key when a value is of a type that no setting is written as', () => {
    const odd = { type: 3, data: Buffer.from([1]) };
    const reading = readRegistryPolicy(
      registry({ [`${registryKey}\\Enforced`]: { 'keystore.allowUnprotected': odd } }),
    );
    expect(resolvePolicy(reading, nobody).refused).toEqual([
      {
        setting: 'keystore.allowUnprotected',
        place: `HKLM\\${registryKey}\\Enforced`,
        reason: 'value: boolean expected',
      },
    ]);
  });

  it('refuses the registry as a whole when Windows does', () => {
    const source = windowsRegistry(() => {
      throw new Error('Access is denied.');
    });
    expect(source.read().refused).toEqual([
      { setting: null, place: `HKLM\\${registryKey}\\Defaults`, reason: 'cannot be read' },
    ]);
  });
});

describe('macOS', () => {
  const managed = {
    PayloadUUID: '4F1F8F6B-6A1E-4B0C-9D51-3A4E0B6B6A11',
    accounts: [account],
    'network.certificates': '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----',
    'keystore.allowUnprotected': false,
    defaults: { 'sync.windowDays': 14 },
  };

  it.each([
    ['XML', Buffer.from(build(managed))],
    ['binary', Buffer.from(buildBinary(managed))],
  ])('reads a property list, %s', (_kind, content) => {
    const { policy, sources, refused } = resolvePolicy(readManagedPreferences('m.plist', content), nobody);
    expect(refused).toEqual([]);
    expect(policy).toMatchObject({
      accounts: [account],
      'network.certificates': ['-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n'],
      'sync.windowDays': 14,
    });
    expect([sources['sync.windowDays'], sources.accounts]).toEqual(['default', 'enforced']);
  });

  it.each(['not a list at all', '<html></html>', 'bplist00'])('refuses %j', (text) => {
    expect(readManagedPreferences('m.plist', Buffer.from(text)).refused).toHaveLength(1);
  });

  it('lays the profile of the person over that of the machine', () => {
    const files = ['machine.plist', 'person.plist'].map((name) => join(folder, name));
    writeFileSync(files[0] ?? '', build({ 'sync.windowDays': 5, 'sync.pollSeconds': 30 }), { mode: 0o644 });
    writeFileSync(files[1] ?? '', build({ 'sync.windowDays': 6 }), { mode: 0o644 });
    expect(resolvePolicy(managedPreferences(files, me).read(), nobody).policy).toMatchObject({
      'sync.windowDays': 6,
      'sync.pollSeconds': 30,
    });
  });

  it('finds nothing where no profile is installed', () => {
    const source = managedPreferences([join(folder, 'none.plist')], me);
    expect(source.read()).toEqual({ documents: [], refused: [] });
  });
});

describe('Linux', () => {
  const put = (name: string, content: unknown, mode = 0o644) => {
    writeFileSync(join(folder, name), JSON.stringify(content));
    chmodSync(join(folder, name), mode);
  };

  it('reads the files of the folder in the order of their names, and nothing else there', () => {
    put('20-site.json', { enforced: { 'sync.windowDays': 20 } });
    put('10-company.json', { enforced: { 'sync.windowDays': 10 }, defaults: { 'sync.pollSeconds': 30 } });
    put('30-old.json.bak', { enforced: { 'sync.windowDays': 30 } });
    const { policy, refused } = resolvePolicy(jsonFolder(folder, me).read(), nobody);
    expect(refused).toEqual([]);
    expect([policy['sync.windowDays'], policy['sync.pollSeconds']]).toEqual([20, 30]);
  });

  it('finds nothing where there is no folder', () => {
    expect(jsonFolder(join(folder, 'none'), me).read()).toEqual({ documents: [], refused: [] });
  });

  it('refuses a file that others can write', () => {
    put('10.json', { 'keystore.allowUnprotected': true }, 0o666);
    expect(jsonFolder(folder, me).read()).toEqual({
      documents: [],
      refused: [{ setting: null, place: join(folder, '10.json'), reason: 'writable by others' }],
    });
  });

  it('refuses a file in a folder where others can put one', () => {
    put('10.json', { 'keystore.allowUnprotected': true });
    chmodSync(folder, 0o777);
    expect(
      jsonFolder(folder, me)
        .read()
        .refused.map(({ reason }) => reason),
    ).toEqual(['its folder is writable by others']);
  });

  it('refuses a file that another user owns', () => {
    put('10.json', { 'keystore.allowUnprotected': true });
    expect(
      jsonFolder(folder, me + 1)
        .read()
        .refused.map(({ reason }) => reason),
    ).toEqual([`not owned by user ${me + 1}`]);
    expect(distrust({ uid: 1000, mode: 0o644 }, 0)).toBe('not owned by root');
  });

  it('reads the rest when one file is broken, and names that one', () => {
    put('10.json', { 'sync.windowDays': 10 });
    writeFileSync(join(folder, '20.json'), '{', { mode: 0o644 });
    const { policy, refused } = resolvePolicy(jsonFolder(folder, me).read(), nobody);
    expect(policy['sync.windowDays']).toBe(10);
    expect(refused).toEqual([{ setting: null, place: join(folder, '20.json'), reason: 'not a JSON object' }]);
  });
});

describe('a file that a developer names', () => {
  it('is believed whoever wrote it', () => {
    const file = join(folder, 'policy.json');
    writeFileSync(file, '{"sync.windowDays": 7}');
    chmodSync(file, 0o666);
    expect(resolvePolicy(developmentFile(file).read(), nobody).policy['sync.windowDays']).toBe(7);
  });

  it('must be there', () => {
    const file = join(folder, 'none.json');
    expect(developmentFile(file).read().refused).toEqual([
      { setting: null, place: file, reason: 'cannot be read: ENOENT' },
    ]);
  });
});
