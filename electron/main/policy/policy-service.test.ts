import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { developmentFile } from './json-files.ts';
import { openPolicy, type PolicyService } from './policy-service.ts';
import type { PolicySource } from './policy-source.ts';

let folder: string;
let policyFile: string;
let personalFile: string;
let logged: unknown[];
const opened: PolicyService[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relevo-policy-'));
  policyFile = join(folder, 'policy.json');
  personalFile = join(folder, 'settings.json');
  logged = [];
});
afterEach(() => {
  for (const service of opened.splice(0)) service.close();
  rmSync(folder, { recursive: true, force: true });
});

const write = (policy: unknown) => writeFileSync(policyFile, JSON.stringify(policy));

function open(source: PolicySource = developmentFile(policyFile), pollMs = 60_000): PolicyService {
  const service = openPolicy({
    source,
    personalFile,
    log: (...entry) => logged.push(entry),
    settleMs: 1,
    pollMs,
  });
  opened.push(service);
  return service;
}

const changed = (service: PolicyService): Promise<void> =>
  new Promise((resolve) => {
    const stop = service.onChange(() => {
      stop();
      resolve();
    });
  });

const setting = (service: PolicyService, name: string) =>
  service.effective().settings.find((one) => one.name === name);

it('shows each setting with its value, where it comes from and whether it is locked', () => {
  write({
    defaults: { 'sync.leftOutFolders': ['Archive', 'Projects'] },
    enforced: { 'sync.windowDays': 60, 'admin.contact': 'Service desk, 4711' },
  });
  const service = open();
  expect(setting(service, 'sync.windowDays')).toEqual({
    name: 'sync.windowDays',
    value: '60',
    source: 'enforced',
    isLocked: true,
    isPersonal: true,
    needsRestart: false,
  });
  expect(setting(service, 'sync.leftOutFolders')).toMatchObject({
    value: '["Archive","Projects"]',
    source: 'default',
    isLocked: false,
  });
  expect(service.effective().adminContact).toBe('Service desk, 4711');
});

it('logs what it refuses with its place, and never the value', () => {
  write({ 'sync.windowDays': 'hunter2' });
  open();
  expect(logged).toEqual([
    [
      'warn',
      'policy',
      'refused',
      { setting: 'sync.windowDays', place: policyFile, reason: 'value: number expected' },
    ],
  ]);
});

it('applies a change of the file while the app runs, and leaves what takes a restart as it was', async () => {
  write({ 'sync.windowDays': 10, 'keystore.allowUnprotected': true });
  const service = open();
  const change = changed(service);
  write({ 'sync.windowDays': 20, 'keystore.allowUnprotected': false });
  await change;
  expect(service.running['sync.windowDays']).toBe(20);
  expect(service.running['keystore.allowUnprotected']).toBe(true);
  expect(setting(service, 'keystore.allowUnprotected')).toMatchObject({
    value: 'false',
    needsRestart: true,
  });
  expect(setting(service, 'sync.windowDays')).toMatchObject({ value: '20', needsRestart: false });
});

it('says no longer that a restart is needed once the old value is back', async () => {
  write({ 'keystore.allowUnprotected': true });
  const service = open();
  const first = changed(service);
  write({ 'keystore.allowUnprotected': false });
  await first;
  const second = changed(service);
  write({ 'keystore.allowUnprotected': true });
  await second;
  expect(setting(service, 'keystore.allowUnprotected')?.needsRestart).toBe(false);
});

it('finds a change by asking where the source does not tell', async () => {
  let days = 10;
  const silent: PolicySource = {
    read: () => ({
      documents: [{ place: 'registry', layer: 'enforced', values: { 'sync.windowDays': days } }],
      refused: [],
    }),
    watch: () => () => {},
  };
  const service = open(silent, 5);
  const change = changed(service);
  days = 11;
  await change;
  expect(service.running['sync.windowDays']).toBe(11);
});

it('keeps what the person chose, and finds it at the next start', () => {
  write({});
  const service = open();
  expect(service.change('sync.windowDays', '7')).toEqual({ ok: true, value: null });
  expect(setting(service, 'sync.windowDays')).toMatchObject({ value: '7', source: 'person' });
  expect(service.running['sync.windowDays']).toBe(7);
  expect(open().running['sync.windowDays']).toBe(7);
});

it('takes back what the person chose', () => {
  write({ defaults: { 'sync.windowDays': 14 } });
  const service = open();
  service.change('sync.windowDays', '7');
  expect(service.reset('sync.windowDays')).toEqual({ ok: true, value: null });
  expect(setting(service, 'sync.windowDays')).toMatchObject({ value: '14', source: 'default' });
  expect(JSON.parse(readFileSync(personalFile, 'utf8'))).toEqual({});
});

it.each([
  ['sync.windowDays', '61', 'more than sync.maximumWindowDays allows'],
  ['sync.windowDays', '"many"', 'value: number expected'],
  ['sync.windowDays', 'many', 'not JSON'],
  ['sync.leftOutFolders', '[]', 'locked'],
  ['failover.probeSeconds', '9', 'only an administrator sets it'],
  ['__proto__', '{}', 'unknown setting'],
  ['toString', '1', 'unknown setting'],
])('refuses the person %s = %s', (name, value, reason) => {
  write({ 'sync.maximumWindowDays': 60, 'sync.leftOutFolders': [] });
  const answer = open().change(name, value);
  expect(answer).toMatchObject({ ok: false, error: { code: 'input.invalid', context: { reason } } });
});

it('lets go of what the person chose while something is enforced, and comes back to it', async () => {
  write({});
  const service = open();
  service.change('sync.windowDays', '7');
  const locked = changed(service);
  write({ 'sync.windowDays': 60 });
  await locked;
  expect(setting(service, 'sync.windowDays')).toMatchObject({ value: '60', isLocked: true });
  const free = changed(service);
  write({});
  await free;
  expect(setting(service, 'sync.windowDays')).toMatchObject({ value: '7', source: 'person' });
});

it.each(['', '[]', '{"sync.windowDays": 900}', 'null'])('starts although the person has %j', (text) => {
  write({});
  writeFileSync(personalFile, text);
  expect(open().running['sync.windowDays']).toBe(30);
});
