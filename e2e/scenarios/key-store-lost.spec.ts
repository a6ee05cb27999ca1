import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { App, type LaunchOptions } from '../app.ts';
import { expect, test } from '../fixtures.ts';
import type { Lab, LaptopFiles } from '../lab/lab.ts';
import { quickPolicy } from '../quick-policy.ts';
import { isRealElectron } from '../stand-in/launcher.ts';

test.skip(isRealElectron(), "the system's own key store cannot be lost for a test");
test.describe.configure({ timeout: 180_000 });

const text = 'We take the blue one.';
const arrived = (lab: Lab) => lab.outside.received().filter((mail) => mail.text.includes(text));

interface Laptop {
  readonly app: App;
  readonly files: LaptopFiles;
}

/** Alice has answered on the train: the message waits in the outbox, and in this copy alone. */
async function answersWithoutNetwork(
  lab: Lab,
  options: { readonly policy?: Readonly<Record<string, unknown>> } = {},
): Promise<Laptop & { readonly code: string }> {
  const files = lab.policyFor('alice', { overrides: { ...quickPolicy, ...options.policy } });
  const app = await App.launch({ policyFile: files.policyFile });
  await lab.outside.sends({ to: 'alice', subject: 'Which colour?', text: 'Blue or green?' });
  await app.opens('Which colour?');
  const made = await app.page.evaluate(() => window.relevo.keyStore.newRecoveryCode({}));
  if (!made.ok) throw new Error(made.error.code);
  await lab.laptop.network.down();
  await app.replies(text);
  await app.showsOutgoing('queued');
  await expect.poll(() => onlyHereIn(app.profile)?.unsent).toBe(1);
  return { app, files, code: made.value.code };
}

function onlyHereIn(profile: string): { readonly unsent: number } | null {
  const file = join(profile, 'only-here.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
}

const keyring = (app: App) => join(app.profile, 'stand-in-keyring');

/** The secrets went with the key store, so the device management brings them once more. */
function bringSecrets(lab: Lab, files: LaptopFiles): void {
  copyFileSync(lab.policyFor('alice').provisioningFile, files.provisioningFile);
}

async function states(app: App) {
  await app.page.waitForFunction(() => 'relevo' in window);
  return app.page.evaluate(async () => {
    const status = await window.relevo.app.status({});
    return status.ok
      ? { engine: status.value.engine, problems: status.value.problems.map(({ code }) => code) }
      : null;
  });
}

const signIns = (app: App) =>
  app.page.evaluate(async () => {
    const status = await window.relevo.signIn.status({});
    return status.ok ? status.value.map(({ provider, state }) => ({ provider, state })) : [];
  });

async function leavesOnce(lab: Lab, app: App): Promise<void> {
  await app.opens('Which colour?');
  await app.showsOutgoing('queued');
  await lab.laptop.network.up();
  await app.showsOutgoing('accepted', 60_000);
  expect(arrived(lab)).toHaveLength(1);
}

test('the key store is lost with an unsent mail: the recovery code opens the copy, and the mail leaves once', async ({
  lab,
}) => {
  const { app, files, code } = await answersWithoutNetwork(lab);
  try {
    await app.kill();
    rmSync(keyring(app));
    await app.startAgain();
    const page = app.page.getByTestId('key-lost');
    await expect(page).toBeVisible();
    expect(await states(app)).toMatchObject({ engine: 'failed', problems: ['keystore.unreadable'] });
    expect(await app.page.evaluate(() => window.relevo.keyStore.onlyHere({}))).toMatchObject({
      ok: true,
      value: { unsent: 1, drafts: 0, countedAt: expect.any(Number) },
    });

    await page.getByTestId('recover-code').fill('01234-56789-ABCDE-FGHJK-MNPQR-STVWX');
    await page.getByTestId('recover-submit').click();
    await expect(app.page.getByTestId('recover-wrong')).toBeVisible();
    bringSecrets(lab, files);
    await page.getByTestId('recover-code').fill(` ${code.toLowerCase().replaceAll('-', ' ')}`);
    await page.getByTestId('recover-submit').click();
    await leavesOnce(lab, app);

    // The present key store has sealed it: no code is needed at the next start.
    await app.quit();
    await app.startAgain();
    await app.opens('Which colour?');
    await app.showsOutgoing('accepted');
    expect(arrived(lab)).toHaveLength(1);
  } finally {
    await app.dispose();
  }
});

test('the secrets are lost with the key store: everything can be read, and the mail leaves after a new sign-in', async ({
  lab,
}) => {
  const { app, code } = await answersWithoutNetwork(lab);
  try {
    await app.quit();
    rmSync(keyring(app));
    await app.startAgain();
    await app.page.getByTestId('recover-code').fill(code);
    await app.page.getByTestId('recover-submit').click();
    await app.opens('Which colour?');
    await app.showsOutgoing('queued');
    await lab.exchange.die();
    await lab.laptop.network.up();
    const missing = { kind: 'needed', reason: 'missing' };
    await expect
      .poll(() => signIns(app), { timeout: 60_000 })
      .toEqual([
        { provider: 'exchange', state: missing },
        { provider: 'continuity', state: missing },
      ]);
    expect(await states(app)).toMatchObject({ engine: 'running', problems: [] });
    expect(arrived(lab)).toHaveLength(0);

    const signedIn = await app.page.evaluate(
      (password) =>
        window.relevo.signIn.password({ accountId: 1 as never, provider: 'continuity', password }),
      lab.passwordOf('alice'),
    );
    expect(signedIn).toEqual({ ok: true, value: null });
    await app.showsOutgoing('accepted', 60_000);
    expect(arrived(lab)).toHaveLength(1);
  } finally {
    await app.dispose();
  }
});

test('nobody noted a code: IT opens the one that the laptop left with them', async ({ lab }) => {
  const cli = join(import.meta.dirname, '../../electron/cli/open-escrow.ts');
  const escrow = (...args: string[]) => spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8' });
  const privateKey = join(lab.folder, 'it.json');
  const publicKey = JSON.parse(escrow('--new-key', privateKey).stdout);
  const { app, files } = await answersWithoutNetwork(lab, { policy: { 'keystore.escrowKey': publicKey } });
  try {
    await app.kill();
    rmSync(keyring(app));
    await app.startAgain();
    const opened = escrow('--key', privateKey, join(app.profile, 'recovery.jwe'));
    bringSecrets(lab, files);
    await app.page.getByTestId('recover-code').fill(opened.stdout.trim());
    await app.page.getByTestId('recover-submit').click();
    await leavesOnce(lab, app);
  } finally {
    await app.dispose();
  }
});

test('the person begins anew: the list says what is lost, and a key store that comes back still opens it', async ({
  lab,
}) => {
  const { app, files } = await answersWithoutNetwork(lab);
  try {
    await app.kill();
    const saved = `${keyring(app)}-saved`;
    renameSync(keyring(app), saved);
    await app.startAgain();
    await expect(app.page.getByTestId('losses')).toContainText('1');
    await lab.laptop.network.up();
    bringSecrets(lab, files);
    await app.page.getByTestId('wipe').click();
    await app.page.getByTestId('wipe-confirm').click();
    await app.opens('Which colour?');
    await expect(app.messages()).toHaveCount(1);
    expect(arrived(lab)).toHaveLength(0);
    await app.quit();

    const folder = join(app.profile, 'unreadable');
    const aside = join(folder, readdirSync(folder)[0] ?? '');
    for (const name of readdirSync(app.profile))
      if (/^mail\.db|^keystore/.test(name)) rmSync(join(app.profile, name));
    for (const name of readdirSync(aside)) renameSync(join(aside, name), join(app.profile, name));
    renameSync(saved, keyring(app));
    await app.startAgain();
    await app.opens('Which colour?');
    await app.showsOutgoing('accepted', 60_000);
    expect(arrived(lab)).toHaveLength(1);
  } finally {
    await app.dispose();
  }
});

test('the key is changed while mail arrives, and the engine or the app is killed in the middle of it', async ({
  lab,
  employee,
}) => {
  const alice = await employee('alice');
  await alice.lists('');
  const rotate = () => alice.page.evaluate(() => window.relevo.keyStore.rotate({}));
  const madeAt = () =>
    alice.page.evaluate(async () => {
      const status = await window.relevo.keyStore.status({});
      return status.ok ? status.value.keyMadeAt : null;
    });
  const keysOnDisk = () =>
    JSON.parse(readFileSync(join(alice.profile, 'keystore.json'), 'utf8')).databaseKeys.length;

  const before = await madeAt();
  await lab.outside.sends({ to: 'alice', subject: 'Before', text: 'Here.' });
  await alice.opens('Before');
  expect(await rotate()).toEqual({ ok: true, value: null });
  expect(await madeAt()).toBeGreaterThan(before ?? 0);
  expect(keysOnDisk()).toBe(1);
  await lab.outside.sends({ to: 'alice', subject: 'After', text: 'Still here.' });
  await alice.opens('After');
  await alice.writesReply('A draft');
  await expect(alice.page.getByTestId('composer')).toContainText('Saved on this computer');

  for (const afterMs of [0, 8, 25]) {
    const pid = await alice.electron.evaluate(
      ({ app }) => app.getAppMetrics().find(({ serviceName }) => serviceName === 'relevo-engine')?.pid ?? 0,
    );
    const changed = rotate();
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    process.kill(pid, 'SIGKILL');
    const answer = await changed;
    if (!answer.ok) expect(answer.error.code).toBe('engine.restarting');
    await expect.poll(async () => (await states(alice))?.engine, { timeout: 60_000 }).toBe('running');
    await expect.poll(keysOnDisk).toBe(1);
  }

  for (const afterMs of [0, 30]) {
    const changed = rotate().catch(() => null);
    await new Promise((resolve) => setTimeout(resolve, afterMs));
    await alice.kill();
    await changed;
    await alice.startAgain();
    await alice.opens('After');
    await expect.poll(keysOnDisk).toBe(1);
  }
  expect(await rotate()).toEqual({ ok: true, value: null });
  await alice.goesTo('drafts');
  await expect(alice.page.getByTestId('draft')).toHaveCount(1);
});

test('a laptop whose desktop protects no keys: refused, or said for good where policy allows it', async ({
  lab,
}) => {
  const launch = (allow: boolean, profile?: string): Promise<App> => {
    const { policyFile } = lab.policyFor('alice', {
      overrides: { ...quickPolicy, 'keystore.allowUnprotected': allow },
    });
    const options: LaunchOptions = { policyFile, args: ['--password-store=basic'] };
    return App.launch(profile === undefined ? options : { ...options, profile });
  };
  const refused = await launch(false);
  try {
    await expect
      .poll(() => states(refused))
      .toEqual({ engine: 'failed', problems: ['keystore.unavailable'] });
    expect(existsSync(join(refused.profile, 'mail.db'))).toBe(false);
    await refused.quit();

    const allowed = await launch(true, refused.profile);
    await allowed.lists('');
    expect(await states(allowed)).toEqual({ engine: 'running', problems: ['keystore.unprotected'] });
    expect(await allowed.page.evaluate(() => window.relevo.keyStore.status({}))).toMatchObject({
      ok: true,
      value: { backend: 'basic_text', isProtected: false, recovery: 'none' },
    });
    await allowed.quit();

    const refusedLater = await launch(false, refused.profile);
    await expect
      .poll(() => states(refusedLater))
      .toEqual({ engine: 'failed', problems: ['keystore.unavailable'] });
    await refusedLater.quit();
  } finally {
    await refused.dispose();
  }
});
